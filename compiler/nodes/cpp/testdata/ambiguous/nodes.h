int Make(int& number);
struct Use {
  int number;
};
