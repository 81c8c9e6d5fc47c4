wait A: {readable x writable y};
