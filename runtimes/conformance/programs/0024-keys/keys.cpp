#include "keys.hpp"

#include <map>
#include <stdexcept>

using conformance::note;

namespace {

constexpr int kFlows = 64;
conformance::countdown flows(kFlows);
std::atomic<int> met = 0;
int audits = 0;

// Plain memory: nothing but the constraint of its key protects a balance, or that of the class all of them.
struct account {
  long balance = 100;
  int saved = 0;
  std::atomic<bool> open = false;
};

// Made before any flow, and never changed in shape.
std::map<std::string, account>& accounts() {
  static std::map<std::string, account> all;
  return all;
}

std::string name(int number) { return "an account with a long name, number " + std::to_string(number); }

void enter(account& one) {
  if (one.open.exchange(true)) std::abort();
}

void leave(account& one) { one.open = false; }

}  // namespace

int Feed(int& number, std::string& from, std::string& to, int& bell_end, int& silence) {
  static int next = 1;
  if (next == 1) {
    for (int each = 0; each < 4; ++each) accounts()[name(each)];
  }
  if (next > kFlows) return flux::again;
  number = next++;
  bell_end = bell.reading();
  silence = never.reading();
  // Every second one the other way round.
  from = name(number % 4);
  to = name(number % 2 == 0 ? (number + 1) % 4 : (number + 3) % 4);
  if (number % 4 == 0) to = from;
  return 0;
}

int Meet(int number, const std::string&, const std::string&, int, int) {
  if (number > 2) return 0;
  static std::atomic<bool> seen[3] = {};
  if (!seen[number].exchange(true) && ++met == 2) bell.put("m", 1);
  return met == 2 ? 0 : flux::again;
}

int Save(int number, const std::string& from, const std::string& to, int, int) {
  if (from != to) std::abort();
  account& one = accounts().at(to);
  enter(one);
  if (number % 5 == 0) conformance::spend(1);
  ++one.saved;
  leave(one);
  return 0;
}

int Transfer(int number, const std::string& from, const std::string& to, int, int) {
  account& one = accounts().at(from);
  account& other = accounts().at(to);
  enter(one);
  enter(other);
  const long before = one.balance;
  if (number % 5 == 0) conformance::spend(1);
  one.balance = before - 1;
  ++other.balance;
  leave(other);
  leave(one);
  return 0;
}

int Read(int, const std::string& from, const std::string&, int, int) { return accounts().at(from).open ? EIO : 0; }

int Write(int, const std::string& from, const std::string&, int, int) {
  account& one = accounts().at(from);
  enter(one);
  ++one.saved;
  leave(one);
  return 0;
}

int Audit(int, const std::string&, const std::string&, int, int) {
  long sum = 0;
  for (auto& [_, one] : accounts()) {
    enter(one);
    sum += one.balance;
  }
  for (auto& [_, one] : accounts()) leave(one);
  if (sum != 400) std::abort();
  ++audits;
  return 0;
}

int Fails(int, const std::string&, const std::string&, int, int) { return EDOM; }
int Throws(int, const std::string&, const std::string& to, int, int) {
  account& one = accounts().at(to);
  enter(one);
  leave(one);
  throw std::runtime_error("five");
}
int Late(int, const std::string&, const std::string&, int, int) { return flux::again; }

int Probe(int number, const std::string&, const std::string&, int, int) {
  note("%02d worked", number);
  flows.ended();
  return 0;
}

void Told(int number, const std::string&, const std::string&, int error) {
  note("%02d %s", number, error == EDOM ? "EDOM" : error == ETIMEDOUT ? "ETIMEDOUT" : error == flux::exception ? "exception" : "?");
  flows.ended();
}

void finish() {
  conformance::say_notes();
  for (const auto& [key, one] : accounts()) conformance::say("%s: %ld, saved %d", key.c_str(), one.balance, one.saved);
  conformance::say("audits: %d", audits);
}
