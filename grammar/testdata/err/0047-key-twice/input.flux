atomic A: {x[a][b]};
