atomic A: {a?(session)[k], b(session)?[k], c[k](session)?, d[k]?(session), e?[k](session), f(session)[k]?};
