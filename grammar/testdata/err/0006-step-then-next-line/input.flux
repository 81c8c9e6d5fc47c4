Image = A ->
Next = C;
