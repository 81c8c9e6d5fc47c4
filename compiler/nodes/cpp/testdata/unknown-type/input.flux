include "nodes.h";

source Make => Use;
wait Make: {readable listner};

Make () => (imge page, std::vector<pixel> pixels);
Use (imge page, std::vector<pixel> pixels) => ();
