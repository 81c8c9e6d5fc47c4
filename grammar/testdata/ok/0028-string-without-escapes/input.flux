include "a\b 'c' // no comment /* nor this";
