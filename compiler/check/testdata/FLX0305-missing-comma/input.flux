include "image.h";
Listen () => (flux::socket client bool close);
Page (char *name int length, std::map<int, char *> table, unsigned long int count, struct tag const *tag) => ();
Write (unsigned __int128 wide, T many words) => ();
source Listen => Page;
