source Listen {session: SessionOf} => Image;
source Accept{session:session}=>Reply;
