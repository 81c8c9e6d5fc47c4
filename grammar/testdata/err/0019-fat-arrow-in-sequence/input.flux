Image = A => B => C;
Next = D;
