A (std:string name, const std::string &other) => ();
