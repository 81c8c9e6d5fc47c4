atomic A: {x(session)};
atomic B: {x?(session), y!(program), z(program)};
