handle error A B => C;
