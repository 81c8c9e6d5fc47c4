source L {session: S} {session: T} => A;
source T every 5s every 6s => A;
