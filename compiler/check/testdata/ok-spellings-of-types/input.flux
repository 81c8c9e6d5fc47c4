include "types.h";
source A => Flow;
A () => (char* a, std::vector<std::vector<int> > b, int const *c, struct tag e, long unsigned f, const char *const *g);
Flow = B -> C;
B (char * a, std::vector<std::vector<int>> b, const int* c, tag e, unsigned long int f, char const * const * g)
  => (unsigned a, std::map<int const, std::pair<char*, long long int>> b, std::function<void (int, char const*)> c);
C (unsigned int a, std::map<const int, std::pair<char *, long long>> b, std::function<void(int, const char *)> c) => ();
