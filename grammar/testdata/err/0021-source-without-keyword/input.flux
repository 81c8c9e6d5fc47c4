Listen => Image;
Image = A;
