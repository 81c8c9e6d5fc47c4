/** One spelling for each type: the pairs of the language reference, and what holds of every type. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalType, isPointer, isReference, isTopLevelConst, valueType } from "./canonical-type.ts";

/** Words and symbols, as the lexer cuts them. */
function tokens(text: string): readonly string[] {
  return text.match(/\w+|::|\.\.\.|[^\s\w]/g) ?? [];
}

function spell(text: string): string {
  return canonicalType(tokens(text));
}

test.each([
  ["char*", "char *"],
  ["char **", "char **"],
  ["char * *", "char **"],
  ["std::vector<std::vector<int> >", "std::vector<std::vector<int>>"],
  ["T const", "const T"],
  ["T const *", "const T *"],
  ["const T * const", "const T *const"],
  ["T const * const volatile *", "const T *const volatile *"],
  ["volatile const T", "const volatile T"],
  ["const T const", "const T"],
  ["struct T", "T"],
  ["struct T const *", "const T *"],
  ["enum color", "color"],
  ["typename T::type", "T::type"],
  ["std::vector<struct T>", "std::vector<T>"],
  ["long unsigned", "unsigned long"],
  ["long unsigned int", "unsigned long"],
  ["int long long", "long long"],
  ["unsigned", "unsigned int"],
  ["signed", "int"],
  ["signed int", "int"],
  ["short int unsigned", "unsigned short"],
  ["char unsigned", "unsigned char"],
  ["signed char", "signed char"],
  ["double long", "long double"],
  ["unsigned const *", "const unsigned int *"],
  ["std :: map < int const , char * >", "std::map<const int, char *>"],
  ["std::map<int, int>::iterator const", "const std::map<int, int>::iterator"],
  ["T &", "T &"],
  ["T const&", "const T &"],
  ["T&&", "T &&"],
  ["std::function<void(int , char const*)>", "std::function<void(int, const char *)>"],
  ["std::array<char, 4>", "std::array<char, 4>"],
  ["::std::string", "::std::string"],
  ["__u8 *", "__u8 *"],
])("%s is %s", (written, canonical) => {
  expect(spell(written)).toBe(canonical);
});

test.each([
  ["char", "signed char"],
  ["char", "unsigned char"],
  ["long", "long long"],
  ["const char *", "char *const"],
  ["T *", "T &"],
  ["std::vector<int>", "std::vector<const int>"],
  ["a::b", "a b"],
])("%s is not %s", (one, other) => {
  expect(spell(one)).not.toBe(spell(other));
});

test.each([
  // written, pointer, reference, constant, value
  ["const char *", true, false, false, "const char *"],
  ["char *const", true, false, true, "char *"],
  ["const int", false, false, true, "int"],
  ["const T &", false, true, false, "T"],
  ["T *&", false, true, false, "T *"],
  ["std::vector<char *>", false, false, false, "std::vector<char *>"],
  ["const std::vector<char *>", false, false, true, "std::vector<char *>"],
  ["std::vector<char *> *", true, false, false, "std::vector<char *> *"],
])("of %s", (written, pointer, reference, constant, value) => {
  const type = spell(written);
  expect({
    pointer: isPointer(type), reference: isReference(type), constant: isTopLevelConst(type), value: valueType(type),
  }).toEqual({ pointer, reference, constant, value });
});

/** A type in two spellings that C++ reads alike. */
const twoSpellings: fc.Arbitrary<readonly [string, string]> = fc.letrec<{ type: readonly [string, string] }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<readonly [string, string]>(
      ["int", "signed int"], ["unsigned long", "long int unsigned"], ["std::string", "std :: string"], ["T", "struct T"], ["bool", "bool"],
    ),
    tie("type").map(([one, other]): readonly [string, string] => [`${one}*`, `${other} *`]),
    tie("type").map(([one, other]): readonly [string, string] => [`std::vector<${one}>`, `std :: vector < ${other} >`]),
    fc.tuple(tie("type"), tie("type")).map(([[a, b], [c, d]]): readonly [string, string] => [`std::pair<${a},${c}>`, `std::pair<${b} , ${d}>`]),
    // Behind the type `const` is right for every type; before it only where there is no pointer.
    tie("type").map(([one, other]): readonly [string, string] =>
      /\*\s*(?:const\s*)*$/.test(one) ? [`${one} const`, `${other} const`] : [`const ${one}`, `${other} const`],
    ),
  ),
})).type;

describe("every type", () => {
  test("has the same text however it is spelled", () => {
    fc.assert(
      fc.property(twoSpellings, ([one, other]) => {
        expect(spell(one)).toBe(spell(other));
      }),
      { numRuns: 2000 },
    );
  });

  test("is its own canonical spelling", () => {
    fc.assert(
      fc.property(twoSpellings, ([one]) => {
        const canonical = spell(one);
        expect(spell(canonical)).toBe(canonical);
      }),
      { numRuns: 2000 },
    );
  });

  test("of any tokens at all is spelled without a fault", () => {
    const anything = fc.array(fc.constantFrom("const", "int", "T", "<", ">", "*", "&", ",", "(", ")", "[", "]", "::", "4", "long", "struct", "..."));
    fc.assert(
      fc.property(anything, (any) => {
        const canonical = canonicalType(any);
        expect(canonical).not.toContain("undefined");
        expect(canonical.replaceAll(/\s/g, "").length).toBeLessThanOrEqual(any.join("").length + 3 * any.length);
      }),
      { numRuns: 2000 },
    );
  });
});
