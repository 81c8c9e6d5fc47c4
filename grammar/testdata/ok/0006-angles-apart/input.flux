N (std::vector<std::vector<int> > a, pair<a<b>, c<d<e>>> p) => ();
