

	 A 	 =   B


->

 C	;

