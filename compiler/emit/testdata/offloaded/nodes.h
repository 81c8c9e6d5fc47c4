#include <string>

int Make(int& number);
int Burn(int number, std::string& text);
int Drop(int number, std::string text);
void Sorry(int number, int error);
