/* How long an ordinary client waits for its answers: request_times PORT PATH CONNECTIONS REQUESTS PAUSE

   Each of a few connections sends REQUESTS requests one after the other, PAUSE microseconds after the last answer. Prints the median and
   the 99th percentile in microseconds; fails where an answer is not a whole 200. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

/* Reads one answer. False: none, or not what was asked for. */
static int answer(int fd) {
  static char bytes[1 << 20];
  size_t length = 0, whole = 0;
  while (whole == 0 || length < whole) {
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    if (poll(&polled, 1, 10000) <= 0) return 0;
    const ssize_t got = recv(fd, bytes + length, sizeof bytes - 1 - length, 0);
    if (got <= 0) return 0;
    length += (size_t)got;
    bytes[length] = '\0';
    const char* end = strstr(bytes, "\r\n\r\n");
    if (whole != 0 || end == NULL) continue;
    const char* field = strcasestr(bytes, "\r\ncontent-length: ");
    if (strncmp(bytes, "HTTP/1.1 200", 12) != 0 || field == NULL) return 0;
    whole = (size_t)(end + 4 - bytes) + (size_t)atol(field + 18);
    if (whole >= sizeof bytes) return 0;
  }
  return length == whole;
}

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const int connections = atoi(argv[3]);
  const int requests = atoi(argv[4]);
  const long wait = atol(argv[5]);
  const int on = 1;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  char request[256];
  const size_t length = (size_t)snprintf(request, sizeof request, "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", argv[2]);
  int* fds = calloc((size_t)connections, sizeof *fds);
  for (int index = 0; index < connections; index++) {
    fds[index] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fds[index], (struct sockaddr*)&to, sizeof to) != 0) return perror("connect"), 1;
    setsockopt(fds[index], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  const int all = connections * requests;
  double* times = calloc((size_t)all, sizeof *times);
  for (int index = 0; index < all; index++) {
    const struct timespec time = {.tv_nsec = wait * 1000};
    nanosleep(&time, NULL);
    const double since = now();
    if (send(fds[index % connections], request, length, MSG_NOSIGNAL) != (ssize_t)length || !answer(fds[index % connections])) {
      fprintf(stderr, "request %d of %d got no right answer after %.0f ms\n", index, all, (now() - since) / 1000);
      return 1;
    }
    times[index] = now() - since;
  }
  qsort(times, (size_t)all, sizeof *times, by_size);
  printf("%.0f %.0f\n", times[all / 2], times[all * 99 / 100]);
  return 0;
}
