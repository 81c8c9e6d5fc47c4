Image = A -> B
Next = C;
