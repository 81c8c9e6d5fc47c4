source Listen { => Image;
Image = A;
