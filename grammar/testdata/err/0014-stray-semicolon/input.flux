Image = A;;
Next = C;
