Image = A -> B // done

/* and */ Next:[_] = C;
