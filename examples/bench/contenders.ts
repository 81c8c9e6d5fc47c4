/**
 * Who is measured: the limit servers, real servers from Debian with the configurations of `peers/`, and the web server
 * on every runtime there is. Says how each is built and started; starts nothing.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Column } from "./figures.ts";

export type Kind = "limit" | "ours" | "peer";

/** Where a server is started, and for what. */
export interface Place {
  readonly port: number;
  /** The folder whose files are served: one for each size, named by `fileOf`. */
  readonly root: string;
  /** The server's own, for its configuration and whatever it writes. */
  readonly folder: string;
  readonly column: Column;
}

/** Something to build once: the words to run, and what comes out. */
export interface Build {
  readonly command: readonly string[];
  readonly binary: string;
}

export interface Contender {
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  /** Settings of one server share it; in every column the better one counts. */
  readonly family: string;
  /** Of ours. */
  readonly runtime?: string;
  /** Programs it takes, with the Debian package that has them. */
  readonly needs: Readonly<Record<string, string>>;
  readonly build?: Build;
  /** A file of `peers/`, put into the server's folder with its `@NAMES@` replaced. */
  readonly configuration?: { readonly file: string; readonly values: Readonly<Record<string, string>> };
  command(place: Place): readonly string[];
  /** Words added where the program's `--flux-help` lists the first of them. */
  whereKnown?(column: Column): readonly (readonly string[])[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Counting its instructions under callgrind makes sense: it compiles nothing as it runs. */
  readonly native: boolean;
  /** It can have several loops, or worker processes. */
  readonly manyLoops?: boolean;
}

/** Those that can be asked in this column. */
export function able(all: readonly Contender[], { loops = 1 }: Column): readonly Contender[] {
  return loops === 1 ? all : all.filter(({ manyLoops }) => manyLoops === true);
}

/** The file that answers requests of the column. */
export function fileOf(column: Column): string {
  return `${column.bytes}.txt`;
}

/** @param project the folder with `package.json`; @param built where executables go */
export function contenders(project: string, built: string): readonly Contender[] {
  const bench = join(project, "examples/bench");
  return [
    ...["epoll", "pool", "threads"].map((form) => limitServer(form, bench, built)),
    ...runtimesIn(project).map((runtime) => webServer(runtime, project, built)),
    ...["sendfile", "copy"].map(nginx),
    ...["sendfile", "copy"].map(lighttpd),
    h2o,
    go(bench, built),
    nodeServer,
  ];
}

/** Whatever has a manifest is a runtime; one that is internal is for tests. */
export function runtimesIn(project: string): readonly string[] {
  const folder = join(project, "runtimes");
  const manifests = readdirSync(folder).map((name) => join(folder, name, "runtime.json"));
  return manifests.filter((path) => existsSync(path)).flatMap((path) => {
    const { name, internal } = JSON.parse(readFileSync(path, "utf8")) as { readonly name: string; readonly internal?: boolean };
    return internal === true ? [] : [name];
  });
}

const limitTitles: Readonly<Record<string, string>> = {
  epoll: "limit (epoll)",
  pool: "limit with a thread pool",
  threads: "limit with a thread a connection, threads reused",
};

function limitServer(form: string, bench: string, built: string): Contender {
  const binary = join(built, `limit-${form}`);
  return {
    name: `limit-${form}`,
    title: limitTitles[form] ?? form,
    kind: "limit",
    family: `limit-${form}`,
    needs: { "g++": "g++" },
    build: {
      command: ["g++", "-std=c++20", "-O2", "-Wall", "-Wextra", "-pthread", join(bench, "limit", `${form}.cpp`), "-o", binary],
      binary,
    },
    command: ({ port, root, column }) => [
      binary,
      ...["--port", String(port), "--file", join(root, fileOf(column))],
      ...(column.close ? ["--close"] : []),
      ...(form === "epoll" ? ["--loops", String(column.loops ?? 1)] : []),
    ],
    native: true,
    manyLoops: form === "epoll",
  };
}

/** One worker, or as many loops as the column says, where there are any. */
function webServer(runtime: string, project: string, built: string): Contender {
  const binary = join(built, `web-server-${runtime}`);
  const source = join(project, "examples/web-server/web-server.flux");
  return {
    name: `flux-${runtime}`,
    title: `web server on \`${runtime}\``,
    kind: "ours",
    family: `flux-${runtime}`,
    runtime,
    needs: { "g++": "g++" },
    build: { command: [process.execPath, join(project, "dist/fluxc.js"), "build", source, "-r", runtime, "-o", binary], binary },
    command: ({ port, root }) => [binary, "--port", String(port), "--root", root],
    whereKnown: ({ loops = 1 }) => [["--flux-workers", "1"], ["--flux-loops", String(loops)]],
    native: true,
    manyLoops: runtime === "event",
  };
}

function nginx(setting: string): Contender {
  return {
    name: `nginx-${setting}`,
    title: `nginx, ${setting}`,
    kind: "peer",
    family: "nginx",
    needs: { nginx: "nginx-light" },
    configuration: { file: "nginx.conf", values: { SENDFILE: setting === "sendfile" ? "on" : "off" } },
    command: ({ folder }) => ["nginx", "-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")],
    native: true,
    manyLoops: true,
  };
}

function lighttpd(setting: string): Contender {
  return {
    name: `lighttpd-${setting}`,
    title: `lighttpd, ${setting}`,
    kind: "peer",
    family: "lighttpd",
    needs: { lighttpd: "lighttpd" },
    configuration: { file: "lighttpd.conf", values: { BACKEND: setting === "sendfile" ? "sendfile" : "writev" } },
    command: ({ folder }) => ["lighttpd", "-D", "-f", join(folder, "lighttpd.conf")],
    native: true,
  };
}

const h2o: Contender = {
  name: "h2o",
  title: "h2o",
  kind: "peer",
  family: "h2o",
  needs: { h2o: "h2o" },
  configuration: { file: "h2o.conf", values: {} },
  command: ({ folder }) => ["h2o", "-m", "worker", "-c", join(folder, "h2o.conf")],
  native: true,
  manyLoops: true,
};

function go(bench: string, built: string): Contender {
  const binary = join(built, "go-server");
  return {
    name: "go",
    title: "Go, net/http",
    kind: "peer",
    family: "go",
    needs: { go: "golang-go" },
    build: { command: ["go", "build", "-o", binary, join(bench, "peers/main.go")], binary },
    command: ({ port, root }) => [binary, "-port", String(port), "-root", root],
    environment: { GOMAXPROCS: "1" },
    native: false,
  };
}

const nodeServer: Contender = {
  name: "node",
  title: "Node, node:http",
  kind: "peer",
  family: "node",
  needs: {},
  configuration: { file: "server.mjs", values: {} },
  command: ({ port, root, folder }) => [process.execPath, join(folder, "server.mjs"), String(port), root],
  native: false,
};
