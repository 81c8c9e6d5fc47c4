atomic A: {x(session)(program)};
