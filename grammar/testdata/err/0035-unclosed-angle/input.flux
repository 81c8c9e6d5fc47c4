A (std::map<int, int x) => ();
B = A;
