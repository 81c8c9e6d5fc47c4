F(char*a,char**b,int&c,char *const*d)=>(char*a);
