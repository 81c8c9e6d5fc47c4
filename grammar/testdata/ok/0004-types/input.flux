N (const struct foo *a, std::map<std::string, std::vector<int>> b, unsigned long c, T& d, ::net::socket e,
   std::array<char, 16> f, const char *const *g, T &&h) => (std::string a);
