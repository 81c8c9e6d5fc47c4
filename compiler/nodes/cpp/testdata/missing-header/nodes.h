int Make(int& number);
int Use(int number);
