include "nodes.h";

Listen () => (int bucket);
Put (int bucket) => ();

source Listen => Put;
atomic Put: {table[bucket]};
