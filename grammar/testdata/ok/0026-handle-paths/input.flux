handle error Page -> ReadWrite => H;
handle error * => LogIt;
handle error _ -> * -> A => H;
handle error A -> B -> C -> * => H;
