/** What `--flux-profile` writes, as far as a picture needs it. Trusts nothing: a file may be anything. */

export interface Profile {
  readonly program: string;
  readonly file: string;
  readonly sources: readonly { readonly source: string; readonly started: number }[];
  readonly nodes: readonly { readonly node: string; readonly calls: number; readonly nanoseconds: number }[];
  readonly paths: readonly { readonly unit: string; readonly path: bigint; readonly count: number }[];
  /** Flows whose paths were too many to be told apart. */
  readonly otherPaths: number;
}

/** @returns the profile, or why it is none */
export function parseProfile(text: string): Profile | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "it is no JSON";
  }
  if (!isRecord(json) || json["format"] !== "flux-profile") return "its `format` is not `flux-profile`";
  if (json["version"] !== 1) return `its version is ${String(json["version"])}, and this fluxc reads version 1`;
  const { program, file, sources, nodes, paths } = json;
  if (typeof program !== "string" || typeof file !== "string" || !isRecord(paths)) return "parts of it are missing";
  try {
    return {
      program,
      file,
      sources: listOf(sources, (one) => ({ source: textOf(one["source"]), started: countOf(one["started"]) })),
      nodes: listOf(nodes, (one) => {
        const times = recordOf(one["wallTime"]);
        return { node: textOf(one["node"]), calls: countOf(times["count"]), nanoseconds: countOf(times["sum"]) };
      }),
      paths: listOf(paths["counts"], (one) => ({ unit: textOf(one["unit"]), path: numberOf(one["path"]), count: countOf(one["count"]) })),
      otherPaths: countOf(recordOf(paths["other"])["count"]),
    };
  } catch (error) {
    if (error instanceof Unfit) return error.message;
    throw error;
  }
}

class Unfit extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Fields {
  if (!isRecord(value)) throw new Unfit("parts of it are missing");
  return value;
}

function listOf<T>(value: unknown, read: (one: Fields) => T): readonly T[] {
  if (!Array.isArray(value)) throw new Unfit("parts of it are missing");
  return value.map((one) => read(recordOf(one)));
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Unfit("a name in it is no text");
  return value;
}

function countOf(value: unknown): number {
  if (typeof value !== "number" || !(value >= 0)) throw new Unfit("a count in it is no number");
  return value;
}

/** A text, since it may be more than a number of JSON holds. */
function numberOf(value: unknown): bigint {
  if (typeof value !== "string" || !/^\d{1,19}$/.test(value)) throw new Unfit("the number of a path in it is none");
  return BigInt(value);
}
