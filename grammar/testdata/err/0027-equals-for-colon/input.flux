pool db = 8;
timeout A => 5s;
