atomic Put: {bucket[key]};
atomic Get: {bucket?[key], index[row]?};
