blocking ReadInFromDisk;
