timeout A: ;
timeout 5s;
B = C;
