#include <string>

int Listen(std::string& from, std::string& to, int& amount);
long SessionOf(const std::string& from, const std::string& to, int amount);
int Check(const std::string& from, const std::string& to, int amount);
int Query(const std::string& from, const std::string& to, int amount);
int Move(const std::string& from, const std::string& to, int amount);
int Write(const std::string& from, const std::string& to, int amount);
int Count();
inline bool IsLarge(int amount) { return amount > 1000; }
