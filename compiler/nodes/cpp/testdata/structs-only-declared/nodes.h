struct Make_out;
struct Both_in { int number; };
struct Both_out;
struct Use_in;
int Make(Make_out* out);
int Both(Both_in* in, Both_out* out);
int Use(Use_in* in);
