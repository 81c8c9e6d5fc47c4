// No key is acquired, since Page takes the whole class: nothing is asked of the type of the key, and only Paint is wrong.
include "nodes.h";

source Listen => Page;
Page = Rename -> Paint;
atomic Page: {page[name]};
atomic Paint: {page[to]};

Listen () => (color name);
Rename (color name) => (color to);
Paint (color to) => ();
