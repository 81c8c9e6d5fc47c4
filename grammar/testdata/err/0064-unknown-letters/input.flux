Größe = Café;
A = B;
