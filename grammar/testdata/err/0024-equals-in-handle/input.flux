handle error A = B;
