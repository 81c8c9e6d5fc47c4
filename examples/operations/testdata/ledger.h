// A node that keeps others waiting.
#ifndef LEDGER_H
#define LEDGER_H

int Post();

#endif
