struct seed {
  explicit seed(int);
};
struct noisy {
  noisy();
  noisy(noisy&&) noexcept(false);
};
struct hidden;
int Make(seed& first, noisy& loud);
int Change(const seed& first, noisy& loud, hidden& secret);
int Wait(hidden& secret, noisy& loud);
int End(hidden& secret, noisy& loud);
