source Listen => Image;
