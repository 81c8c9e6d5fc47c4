/** The thread runtime under every sanitizer, with the other compiler, and optimised. */
import { describeTrial } from "./testing/trial-suite.ts";

describeTrial({ name: "optimised", flags: ["-O2", "-DNDEBUG"] });
describeTrial({ name: "blocking briefly", flags: ["-O1", "-g"], blocksBriefly: true });
describeTrial({ name: "clang", flags: ["-O1", "-g"], compiler: "clang++" });
describeTrial({ name: "ThreadSanitizer", flags: ["-O1", "-g", "-fsanitize=thread"], sanitized: true });
describeTrial({
  name: "AddressSanitizer and UndefinedBehaviorSanitizer",
  flags: ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
  sanitized: true,
});
