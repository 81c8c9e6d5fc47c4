source Listen = Image;
