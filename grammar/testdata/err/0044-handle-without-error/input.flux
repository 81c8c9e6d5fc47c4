handle ReadInFromDisk => FourOhFour;
