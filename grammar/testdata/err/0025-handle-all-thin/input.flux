handle error A -> B;
