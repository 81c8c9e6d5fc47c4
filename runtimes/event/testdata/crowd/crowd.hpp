#ifndef CROWD_HPP
#define CROWD_HPP

int init(int argc, char** argv);
int Next(int& number);
int Turn(int& number);
bool IsRestless(int number);
int Rest(int& number);
int Leave(int number);

#endif
