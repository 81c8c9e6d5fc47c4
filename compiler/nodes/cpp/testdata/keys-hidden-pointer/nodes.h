#pragma once

using path = const char*;

int Listen(path& file);
int Load(path file);
int Send(path file);
