/** Where a blank stands in a C++ type, decided by the tokens alone: `const char *const *name`, `std::map<int, T &> name`. */

const opening = new Set(["<", "(", "["]);
const closing = new Set([">", ")", "]"]);
const stars = new Set(["*", "&"]);
/** Words that never qualify a name: `const ::net::socket` is not `const::net::socket`. */
const unqualifying = new Set(["const", "volatile", "struct", "class", "enum", "union", "typename", "unsigned", "signed"]);

/** Whether a blank stands between two tokens of a type or a name behind it; `next` comes after the second. */
export function blankInType(left: string, right: string, next: string | undefined): boolean {
  if (left === "," || left === "->" || right === "->") return true;
  if (opening.has(left) || closing.has(right) || right === "," || right === "...") return false;
  if (right === "::") return unqualifying.has(left);
  if (left === "::" || right === "<" || right === "[") return false;
  if (stars.has(right)) return !stars.has(left);
  if (stars.has(left)) return false;
  // `void (*f)(int)` and `std::function<int(int)>`
  if (right === "(") return isWord(left) && next !== undefined && stars.has(next);
  return true;
}

function isWord(token: string): boolean {
  return /^\w/.test(token);
}
