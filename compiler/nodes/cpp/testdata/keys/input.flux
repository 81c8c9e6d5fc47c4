include "nodes.h";

source Listen => Page;
Page = Count -> Rename -> Paint;
atomic Page: {page[name]};
atomic Paint: {paint[of]};

Listen () => (std::string name, color of);
Count (std::string name, color of) => (std::string name, color of);
Rename (std::string name, color of) => (std::string name, color of);
Paint (std::string name, color of) => ();
