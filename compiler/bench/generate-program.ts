/** Programs of any size for measurements: correct, without a warning, and with every kind of declaration that a server has. */

const nodesInGroup = 8;
const stepsInSequence = 10;

/** A program of about `nodes` nodes, at least ten. */
export function generateProgram(nodes: number): string {
  const groups = Math.max(1, Math.round((nodes - 2) / (nodesInGroup + 1 / stepsInSequence)));
  const names = Array.from({ length: groups }, (_, index) => `Group${index}`);
  const sequences: string[] = [];
  return [
    'include "bench.h";',
    "typedef even IsEven;",
    "Listen () => (int socket, int key);",
    "Report (int socket, int error) => ();",
    ...names.flatMap((_, index) => group(index)),
    `source Listen => ${join(names, sequences)};`,
    ...sequences,
    "",
  ].join("\n");
}

/** Puts names into sequences of sequences, so that none is longer than a person would write it. @returns the outermost */
function join(names: readonly string[], sequences: string[], level = 0): string {
  const [only] = names;
  if (names.length === 1 && only !== undefined) return only;
  const joined: string[] = [];
  for (let start = 0; start < names.length; start += stepsInSequence) {
    const name = `Level${level}_${start / stepsInSequence}`;
    sequences.push(`${name} = ${names.slice(start, start + stepsInSequence).join(" -> ")};`);
    joined.push(name);
  }
  return join(joined, sequences, level + 1);
}

function group(index: number): readonly string[] {
  const tuple = "(int socket, int key)";
  const concrete = ["Read", "Parse", "Fast", "Slow", "Store", "Write"].map((name) => `${name}${index} ${tuple} => ${tuple};`);
  return [
    `// Group ${index}: a request is read, goes one of two ways, and is answered.`,
    ...concrete,
    `Group${index} = Read${index} -> Parse${index} -> Route${index} -> Write${index};`,
    `Route${index}:[_, even] = Fast${index};`,
    `Route${index}:[_, _] = Slow${index} -> Store${index};`,
    `atomic Fast${index}: {table${index}?};`,
    `atomic Store${index}: {table${index}};`,
    `blocking Slow${index};`,
    `handle error Read${index} => Report;`,
  ];
}
