/** How types are spelled, and that blanks in a type never change it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseFrom, type Choose } from "../../grammar/arbitrary.ts";
import { parse } from "../../grammar/index.ts";
import { mutatedProgram } from "../../grammar/hostile.ts";
import { formatProgram } from "./format.ts";
import { expectFormats, programWithAnyType } from "./testing/commented-program.ts";

async function parameter(text: string): Promise<string> {
  const formatted = await formatProgram({ path: "", text: `N (${text}) => ();\n` });
  return formatted.slice("N (".length, -") => ();\n".length);
}

describe("a parameter", () => {
  test.each([
    ["int   socket", "int socket"],
    ["char*request", "char *request"],
    ["char* request", "char *request"],
    ["char * * request", "char **request"],
    ["char *const*d", "char *const *d"],
    ["T& t", "T &t"],
    ["T & & t", "T &&t"],
    ["image_tag*&request", "image_tag *&request"],
    ["std :: string s", "std::string s"],
    ["const ::net::socket&s", "const ::net::socket &s"],
    ["struct::tag t", "struct ::tag t"],
    ["::net :: socket s", "::net::socket s"],
    ["std::vector< std::vector<int> > v", "std::vector<std::vector<int>> v"],
    ["std::map<int,T*>m", "std::map<int, T *> m"],
    ["std::array<char ,16>a", "std::array<char, 16> a"],
    ["std::vector<int>::iterator i", "std::vector<int>::iterator i"],
    ["std::function<int (int , char*)> f", "std::function<int(int, char *)> f"],
    ["std::function<auto(int,...)->void> f", "std::function<auto(int, ...) -> void> f"],
    ["Pack<T ...> p", "Pack<T...> p"],
    ["unsigned   long long n", "unsigned long long n"],
    // Not possible in a program, but `check` says so, not the layout.
    ["void(*f)(int)", "void (*f)(int)"],
    ["int a [ 4 ]", "int a[4]"],
  ])("%s", async (written, laidOut) => {
    expect(await parameter(written)).toBe(laidOut);
    expect(await parameter(laidOut)).toBe(laidOut);
  });
});

describe("a program keeps its tokens", () => {
  const chance = fc.array(fc.nat(), { maxLength: 300, size: "max" });

  test.each<[string, (choose: Choose) => string]>([
    ["with any type", programWithAnyType],
    ["that somebody had something changed in", mutatedProgram],
  ])("%s", async (_, write) => {
    let formatted = 0;
    await fc.assert(
      fc.asyncProperty(chance, async (numbers) => {
        const text = write(chooseFrom(numbers));
        if (text.trim() === "" || parse({ path: "", text }).errors.length > 0) return;
        await expectFormats(text);
        formatted++;
      }),
      { numRuns: 300, endOnFailure: true },
    );
    expect(formatted).toBeGreaterThan(25);
  });
});
