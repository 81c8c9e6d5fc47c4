#include <algorithm>
#include <list>

int Make(int& number);
int Use(int number);
inline int broken() { return undeclared_name; }
