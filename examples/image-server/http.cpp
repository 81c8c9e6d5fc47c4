// The web server example reads and writes HTTP, and opens files that cannot be outside a folder; this server does it with the same code.
#include "../web-server/conditions.cpp"
#include "../web-server/file_tree.cpp"
#include "../web-server/http_body.cpp"
#include "../web-server/http_date.cpp"
#include "../web-server/http_head.cpp"
#include "../web-server/http_reply.cpp"
#include "../web-server/http_request.cpp"
