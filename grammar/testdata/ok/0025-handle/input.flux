handle error ReadInFromDisk => FourOhFour;
