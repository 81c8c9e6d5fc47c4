include "nodes.h";

source Listen => Flow;
wait Listen: {readable listener};

Flow = Take -> Keep -> Give;

typedef ready IsReady;
Keep:[ready] = ;
Keep:[_] = Take;

Listen () => (flux::socket client);
Take (flux::socket client) => (flux::socket client);
Give (flux::socket client) => ();

handle error Take => Refuse;
