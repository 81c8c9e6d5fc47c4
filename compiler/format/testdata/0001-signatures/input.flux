Listen()=>(int socket);
// Fits on a line of a hundred characters, just.
ReadInFromDisk (int socket, image_tag *request) => (int socket, image_tag *request, rgb *pixels);
ReadRequest (flux::socket client, bool close, web::input input) => (flux::socket client, bool close, web::input input, web::request request);
// Inputs that fit on no line, alone.
Collect (flux::socket client, bool close, web::input input, web::request request, std::map<std::string, std::string> headers) => (flux::socket client);
// Outputs that do not.
Spread (flux::socket client) => (flux::socket client, bool close, web::input input, web::request request, std::map<std::string, std::string> headers);
Both (flux::socket client, bool close, web::input input, web::request request, std::map<std::string, std::string> headers) => (flux::socket client, bool close, web::input input, web::request request, std::map<std::string, std::string> headers);
