atomic A: {x??};
atomic B: {y?(session)!};
