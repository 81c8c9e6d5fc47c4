include "nodes.h";

source Make => Use;

Make () => (std::string text, std::vector<int> numbers);
Use (std::string text, std::vector<int> numbers) => ();
