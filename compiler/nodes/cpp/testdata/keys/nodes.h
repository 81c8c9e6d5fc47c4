#include <string>

struct color {
  int red, green, blue;
};

int Listen(std::string& name, color& of);
int Count(const std::string& name, color of);
int Rename(std::string& name, color of);
int Paint(const std::string& name, const color& of);
