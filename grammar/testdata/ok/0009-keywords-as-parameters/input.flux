N (int source, bool wait, T *error, program session) => (int every, int _);
