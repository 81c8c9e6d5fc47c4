/** Locks by key and pools under real servers, under every sanitizer and with the other compiler. */
import { describeKeyed } from "./testing/keyed-suite.ts";

describeKeyed({ name: "clang", flags: ["-O1", "-g"], compiler: "clang++" });
describeKeyed({ name: "ThreadSanitizer", flags: ["-O1", "-g", "-fsanitize=thread"] });
describeKeyed({
  name: "AddressSanitizer and UndefinedBehaviorSanitizer",
  flags: ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
});
