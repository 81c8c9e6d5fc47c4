// The name of the type hides from the compiler of the program that it is a pointer.
include "nodes.h";

source Listen => Page;
Page = Load -> Send;
atomic Load: {cache[file]};
atomic Send: {cache?[file]};

Listen () => (path file);
Load (path file) => (path file);
Send (path file) => ();
