#include <string>

int Listen(std::string& from, std::string& to, int& amount);
long SessionOf(const std::string& from, const std::string& to, int amount);
int Audit(const std::string& from, const std::string& to, int amount);
int Query(const std::string& from, const std::string& to, int amount);
int Move(const std::string& from, const std::string& to, int amount);
int Write(const std::string& from, const std::string& to, int amount);
inline bool IsLarge(int amount) { return amount > 1000; }
