struct page { int size; char *text; };
A () => (struct page p);
B (struct page p) => ();
source A => B;
