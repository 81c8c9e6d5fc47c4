/* The published form in C. The header does not exist: the compiler makes it. */
#include "words_structs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LAST = 9 };

static int ended;

static void count_end(void) { __atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST); }

static char lines[LAST + 1][80];

void init(int argc, char **argv) {
  (void)argv;
  snprintf(lines[0], sizeof lines[0], "%d argument", argc);
}

int Next(Next_out *out) {
  static int number;
  if (number == LAST) {
    if (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) == LAST) raise(SIGTERM);
    return 1;
  }
  out->number = ++number;
  return 0;
}

int Customer(Word_in *in) { return in->number % 2; }

int Open(Open_in *in, Open_out *out) {
  if (in->number == 4) return 44;
  out->number = in->number;
  out->word = calloc(1, 16);
  snprintf(out->word, 16, in->number % 3 == 0 ? "WORD %d" : "word %d", in->number);
  return 0;
}

bool IsLoud(char *word) { return word[0] == 'W'; }

int Shout(Shout_in *in, Shout_out *out) {
  if (in->number == 6) return 66;
  out->number = in->number;
  out->word = in->word;
  out->word[strlen(out->word)] = '!';
  return 0;
}

int Tell(Tell_in *in, Tell_out *out) {
  out->number = in->number;
  out->word = in->word;
  snprintf(lines[in->number], sizeof lines[in->number], "%s", in->word);
  if (in->number != 8) return 0;
  free(in->word);
  return 88;
}

int Close(Close_in *in) {
  free(in->word);
  count_end();
  return 0;
}

void NoWord(Open_in *in, int error) {
  snprintf(lines[in->number], sizeof lines[in->number], "no word for %d: %d", in->number, error);
  count_end();
}

void Hoarse(Shout_in *in, int error) {
  snprintf(lines[in->number], sizeof lines[in->number], "%s was not shouted: %d", in->word, error);
  free(in->word);
  count_end();
}

/* Of `*`: nothing but the error. The source fails too, at the end, and comes here. */
void Oops(int error) {
  if (error == 88) count_end();
}

void finish(void) {
  for (int number = 0; number <= LAST; ++number) printf("%s\n", lines[number]);
}
