Image = A → B;
Next = C ⇒ D;
