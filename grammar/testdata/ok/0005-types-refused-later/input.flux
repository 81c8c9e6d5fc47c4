N (int a[4], void (*f)(int), std::function<auto(int, ...) -> void> g, int, std::string, char *) => (a[2][3], (x));
