Image = A);
Next = C;
