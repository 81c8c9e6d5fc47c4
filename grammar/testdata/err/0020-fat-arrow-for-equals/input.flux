Image => A -> B;
