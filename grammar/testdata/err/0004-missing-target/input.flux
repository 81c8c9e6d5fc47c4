source Listen;
Image = A;
