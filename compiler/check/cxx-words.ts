/** The words of C++ that cannot be names. Knows nothing of Flux. */

const typeWords = [
  "auto", "bool", "char", "char8_t", "char16_t", "char32_t", "const", "double", "float", "int", "long", "short", "signed",
  "unsigned", "void", "volatile", "wchar_t",
];

const keywords: ReadonlySet<string> = new Set([
  ...typeWords,
  "alignas", "alignof", "and", "and_eq", "asm", "bitand", "bitor", "break", "case", "catch", "class", "compl", "concept",
  "consteval", "constexpr", "constinit", "const_cast", "continue", "co_await", "co_return", "co_yield", "decltype", "default",
  "delete", "do", "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "for", "friend", "goto", "if",
  "inline", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private",
  "protected", "public", "register", "reinterpret_cast", "requires", "return", "sizeof", "static", "static_assert",
  "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid",
  "typename", "union", "using", "virtual", "while", "xor", "xor_eq",
]);

const types: ReadonlySet<string> = new Set(typeWords);

/** C++20's keywords, alternative spellings of operators included. */
export function isCxxKeyword(word: string): boolean {
  return keywords.has(word);
}

/** A keyword that spells a type or a part of one, so that it ends no `type name`. */
export function isTypeWord(word: string): boolean {
  return types.has(word);
}
