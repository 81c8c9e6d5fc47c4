/** How the tests run. `npm test` runs the fast ones; `npm run test:slow` those that take minutes. */
import { configDefaults, defineConfig } from "vitest/config";

const slow = process.env["FLUXC_SLOW"] === "1";
const rooms = "{grammar,compiler,runtimes,examples}";

export default defineConfig({
  test: {
    include: [slow ? `${rooms}/**/*.slow.test.ts` : `${rooms}/**/*.test.ts`],
    exclude: [...configDefaults.exclude, "**/build/**", ...(slow ? [] : ["**/*.slow.test.ts"])],
    // A test that builds a server waits for g++, perhaps for another build before it.
    testTimeout: slow ? 1_800_000 : 240_000,
    hookTimeout: slow ? 900_000 : 600_000,
    // Every C++ compiler that a test starts takes a core and up to a gigabyte of its own.
    maxWorkers: 2,
    passWithNoTests: slow,
  },
});
