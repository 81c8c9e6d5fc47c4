wait ReadRequest: {readable socket};
wait Relay: {readable from, writable to};
wait Listen: {readable net::tcp::listener};
