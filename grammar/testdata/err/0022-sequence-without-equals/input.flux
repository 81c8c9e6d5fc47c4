Image ReadRequest -> Write;
Next = C;
