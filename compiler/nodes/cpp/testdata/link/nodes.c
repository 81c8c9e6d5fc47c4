int Make(int *number) {
  *number = 1;
  return 0;
}
