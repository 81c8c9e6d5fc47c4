source Listen =>
Image = A -> B;
