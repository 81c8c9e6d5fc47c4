// Everything in C: no types of our own, handlers without inputs, `*`, a session.
Next () => (int number);
Open (int number) => (int number, char *word);
Shout (int number, char *word) => (int number, char *word);
Tell (int number, char *word) => (int number, char *word);
Close (int number, char *word) => ();

source Next {session: Customer} => Word;

Word = Open -> Kind -> Tell -> Close;
Kind:[_, loud] = Shout;
Kind:[_, _] = ;

typedef loud IsLoud;

atomic Shout: {voice};
atomic Tell: {voice?};

handle error Open => NoWord;
handle error Kind -> Shout => Hoarse;
handle error * => Oops;
