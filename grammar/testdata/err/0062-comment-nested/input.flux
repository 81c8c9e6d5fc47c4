/* outer /* inner */ still */
A = B;
