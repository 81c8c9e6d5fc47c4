handle eror A => B;
source L {sesion: S} => A;
source T evry 5s => A;
atomic A: {x(sessoin)};
wait A: {readble s};
