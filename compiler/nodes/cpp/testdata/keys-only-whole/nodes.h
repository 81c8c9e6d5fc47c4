#pragma once

struct color {
  int red, green, blue;
};

int Listen(color& name);
int Rename(const color& name, color& to);
int Paint(const color& to);
