Image = ();
Next = C;
