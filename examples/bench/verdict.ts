/** Results against the figures: what is reached, what is missed, and whether the limit servers are good enough to tell. */
import { acceptance, bounds, columns, level, perRequest, roundsForVerdict, type Bound } from "./figures.ts";
import { bestOf, ratioOf, show, type Ratio, type Results, type Server } from "./results.ts";

/**
 * `missed` only if the whole interval lies above the bound; `reached` if the median does not; otherwise this run cannot
 * tell (`undecided`), and neither can one that measured too little (`unknown`).
 */
export type Outcome = "reached" | "missed" | "undecided" | "unknown";

export interface Verdict {
  /** What is judged: "web server on `pool`: 1 KB, 64 connections". */
  readonly subject: string;
  /** "1.21 (1.18 to 1.24) of limit (epoll)" */
  readonly found: string;
  /** "at most 1.25" */
  readonly figure: string;
  readonly outcome: Outcome;
}

/** @returns one for each figure that names a server and a column that were measured */
export function judge(results: Results): readonly Verdict[] {
  const judged = bounds.flatMap((bound) => {
    const ours = results.servers.find(({ runtime }) => runtime === bound.runtime);
    return ours === undefined ? [] : [...judgeRatios(results, ours, bound), ...judgePeers(results, ours, bound), ...judgeRest(ours, bound)];
  });
  return [...judgeLimit(results), ...judged];
}

/** Whether the limit servers count: a slow limit would make everybody look good. */
export function judgeLimit(results: Results): readonly Verdict[] {
  const limit = results.servers.find(({ name }) => name === "limit-epoll");
  if (limit === undefined) return [];
  const column = acceptance.column;
  const nginx = bestOf(results, "nginx", column);
  const ratio = nginx && ratioOf(results, limit.name, nginx.name, column);
  return [
    {
      subject: `${limit.title} counts: ${titleOf(column)}`,
      found: ratio === undefined ? "nginx was not measured" : `${show(ratio)} of ${nginx?.title ?? ""}`,
      figure: `at most ${acceptance.partOfNginx}`,
      outcome: outcomeOf(ratio, acceptance.partOfNginx),
    },
    atMost(`${limit.title} counts: system calls a request`, limit.systemCalls?.perRequest, acceptance.systemCalls, 2),
    atMost(`${limit.title} counts: user instructions a request`, limit.userInstructions, acceptance.userInstructions, 0),
  ];
}

function judgeRatios(results: Results, ours: Server, { to, ratios }: Bound): readonly Verdict[] {
  const unit = results.servers.find(({ name }) => name === to);
  return columns.flatMap(({ name, title }) => {
    const bound = ratios[name];
    const ratio = ratioOf(results, ours.name, to, name);
    if (bound === undefined || ratio === undefined) return [];
    const verdict: Verdict = {
      subject: `${ours.title}: ${title}`,
      found: `${show(ratio)} of ${unit?.title ?? to}`,
      figure: `at most ${bound}`,
      outcome: outcomeOf(ratio, bound),
    };
    return [verdict];
  });
}

function judgePeers(results: Results, ours: Server, { aheadOfPeers }: Bound): readonly Verdict[] {
  if (!aheadOfPeers) return [];
  const families = new Set(results.servers.filter(({ kind }) => kind === "peer").map(({ family }) => family));
  return columns.flatMap(({ name, title }) =>
    [...families].flatMap((family) => {
      const peer = bestOf(results, family, name);
      const ratio = peer && ratioOf(results, ours.name, peer.name, name);
      if (peer === undefined || ratio === undefined) return [];
      const levelIsEnough = level.get(name) === family;
      const isLevel = levelIsEnough && ratio.interval !== undefined && ratio.interval.low <= 1;
      const outcome = outcomeOf(ratio, 1);
      const verdict: Verdict = {
        subject: `${ours.title}: ${title}`,
        found: `${show(ratio)} of ${peer.title}`,
        figure: levelIsEnough ? "at most level" : "ahead of it",
        outcome: isLevel && outcome === "undecided" ? "reached" : outcome,
      };
      return [verdict];
    }),
  );
}

function judgeRest(ours: Server, { runtime, idleBytes }: Bound): readonly Verdict[] {
  const idle =
    idleBytes === undefined ? [] : [atMost(`${ours.title}: bytes an idle connection`, ours.idleMemory?.user, idleBytes, 0)];
  // A thread a connection pays with its stack; what it takes of the kernel is judged by its CPU time.
  if (runtime === "thread") return idle;
  return [
    ...idle,
    atMost(`${ours.title}: system calls a request`, ours.systemCalls?.perRequest, perRequest.systemCalls, 2),
    atMost(`${ours.title}: user instructions a request`, ours.userInstructions, perRequest.userInstructions, 0),
  ];
}

/** Of a count, which has no spread worth an interval. */
function atMost(subject: string, value: number | undefined, bound: number, digits: number): Verdict {
  return {
    subject,
    found: value === undefined ? "not measured" : value.toFixed(digits),
    figure: `at most ${bound}`,
    outcome: value === undefined ? "unknown" : value <= bound ? "reached" : "missed",
  };
}

export function outcomeOf(ratio: Ratio | undefined, bound: number): Outcome {
  if (ratio?.interval === undefined || ratio.rounds < roundsForVerdict) return "unknown";
  if (ratio.interval.low > bound) return "missed";
  return ratio.middle <= bound ? "reached" : "undecided";
}

function titleOf(column: string): string {
  return columns.find(({ name }) => name === column)?.title ?? column;
}
