Image = -> A;
Next = C;
