include "nodes.h";

source Listen => Flow;
wait Listen: {readable listener};

Flow = Take -> Keep -> Give;

typedef ready IsReady;
typedef far IsFar;
Keep:[ready, _] = ;
Keep:[_, far] = ;
Keep:[_, _] = Take;

Listen () => (flux::socket client, int steps);
Take (flux::socket client, int steps) => (flux::socket client, int steps);
Give (flux::socket client, int steps) => ();

handle error Take => Refuse;
