atmoic A: {x};
Source L => A;
handel error A => B;
incldue "x.h";
