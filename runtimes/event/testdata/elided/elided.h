int Feed(int& number);
int Eat(int number);
int Beat();
int Knock();
void finish();
