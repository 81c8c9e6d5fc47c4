N (std::array<int, 0x10> a, bitset<64u> b) => ();
