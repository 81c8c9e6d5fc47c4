atomic A: {x y?};
