service Web => Image;
Image = A;
