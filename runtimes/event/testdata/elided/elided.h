int Feed(int& number);
int Sit(int number);
int Eat(int number);
int Strike();
int Echo();
int Count();
int Knock();
void finish();
