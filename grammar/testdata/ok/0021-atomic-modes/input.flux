atomic A: {x};
atomic B: {x?, y!};
atomic C:{x?,y,z!};
