include "nodes.h";

Listen () => (int socket, page *found);
Load (int socket, page *found) => (int socket, page *found);
Send (int socket, page *found) => ();

source Listen => Page;
typedef hit InCache;
Page = Find -> Send;
Find:[_, hit] = ;
Find:[_, _] = Load;
