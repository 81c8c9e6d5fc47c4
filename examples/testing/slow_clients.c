/* A crowd of slow clients for a server on the loopback, until the standard input ends: slow_clients PORT COUNT PERIOD PATH

   Half of them send a request a byte every PERIOD milliseconds; the others ask for PATH and take a byte of the answer as often, into the
   smallest buffer there is. Whoever loses its connection makes another. "ready" is printed once all are connected and at it, and at the
   end how many had to connect again. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client {
  int fd;
  int reads;
  unsigned sent;
};

static int port;
static const char* path;
static long again;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/* Every client begins with bytes: a listener may leave one that has said nothing to the kernel. */
static int begin(struct client* one, unsigned index) {
  struct sockaddr_in from = {.sin_family = AF_INET};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  /* As over an Ethernet: the kernel keeps many times as much unsent for segments as large as the loopback's. */
  const int on = 1, smallest = 1, segment = 1448;
  char request[256];
  size_t length = (size_t)snprintf(request, sizeof request, "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", path);
  /* More than one address, or the ports run out. */
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + index % 8);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  one->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (one->fd < 0) return -1;
  setsockopt(one->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  setsockopt(one->fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
  if (one->reads) setsockopt(one->fd, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest);
  if (bind(one->fd, (struct sockaddr*)&from, sizeof from) != 0 || connect(one->fd, (struct sockaddr*)&to, sizeof to) != 0) return -1;
  fcntl(one->fd, F_SETFL, O_NONBLOCK);
  one->sent = 1;
  return send(one->fd, request, one->reads ? length : 1, MSG_NOSIGNAL) > 0 ? 0 : -1;
}

/* Its byte. False: the connection is gone. */
static int step(struct client* one) {
  /* A head that never ends: after its first line one long field. */
  static const char head[] = "GET /page HTTP/1.1\r\nHost: x\r\nX-Slow: ";
  char byte = one->sent < sizeof head - 1 ? head[one->sent] : 'z';
  ssize_t length = one->reads ? recv(one->fd, &byte, 1, 0) : send(one->fd, &byte, 1, MSG_NOSIGNAL);
  if (!one->reads && length > 0) {
    /* Refused: the answer is there. */
    length = recv(one->fd, &byte, 1, MSG_DONTWAIT);
    if (length > 0) return 0;
    one->sent++;
  }
  return length > 0 || (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  port = atoi(argv[1]);
  path = argv[4];
  const unsigned count = (unsigned)atoi(argv[2]);
  const double period = atof(argv[3]);
  struct client* clients = calloc(count, sizeof *clients);
  for (unsigned index = 0; index < count; index++) {
    clients[index].reads = (int)(index % 2);
    if (begin(&clients[index], index) == 0) continue;
    fprintf(stderr, "client %u of %u: %s\n", index, count, strerror(errno));
    return 1;
  }
  printf("ready\n");
  fflush(stdout);
  /* Spread over the period: a crowd that moves as one would be a burst. */
  const double start = now();
  unsigned long done = 0;
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  while (poll(&input, 1, 1) == 0) {
    const unsigned long due = (unsigned long)((now() - start) / period * count);
    /* Whoever was kept from it does not catch up with all at once. */
    if (due > done + count / 8) done = due - count / 8;
    for (; done < due; done++) {
      struct client* one = &clients[done % count];
      if (one->fd >= 0 && step(one)) continue;
      if (one->fd >= 0) close(one->fd);
      again++;
      if (begin(one, (unsigned)(done % count)) != 0 && one->fd >= 0) {
        close(one->fd);
        one->fd = -1;
      }
    }
  }
  printf("%ld\n", again);
  return 0;
}
