#include <string>
#include <vector>

int Make(std::string& text, std::vector<int>& numbers);
int Use(const std::string& text, std::vector<int> numbers);
