int Feed(int& number);
long Id(int number);
int Use(int number);
int Dead(int number);
