/** What of the system's limits a server meets. Takes what the system says as text, so that any machine can be told of. */
import { withCommas } from "../../graph/marks.ts";
import { ok, warn, type Finding } from "./finding.ts";

/** Contents of files under /proc; absent where there is none. */
export interface SystemLimits {
  /** Of the shell: Node raises its own. */
  readonly processLimits?: string;
  readonly overcommit?: string;
  readonly backlog?: string;
  readonly threadsMax?: string;
  readonly pidMax?: string;
  readonly mapCount?: string;
}

export function limitFindings(limits: SystemLimits): readonly Finding[] {
  return [...descriptors(limits), ...threads(limits), ...overcommit(limits), ...backlog(limits)];
}

const enoughDescriptors = 4096;

function descriptors({ processLimits }: SystemLimits): readonly Finding[] {
  const [, softText = "", hardText = ""] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(processLimits ?? "") ?? [];
  const [soft, hard] = [numberOf(softText), numberOf(hardText)];
  if (soft === undefined || hard === undefined) return [];
  const text = `${shown(soft)} open files a process: one a connection`;
  if (soft >= enoughDescriptors) return [ok("limits", text)];
  if (hard > soft) return [warn("limits", text, `ulimit -n ${hard === Infinity ? 65536 : Math.min(hard, 65536)}`)];
  return [warn("limits", text, `echo '* - nofile 65536' | sudo tee /etc/security/limits.d/nofile.conf, then log in again`)];
}

const enoughThreads = 4096;

/** A thread of the runtime `thread` takes two mappings: its stack and the guard below it. */
const mappings = 2;

function threads({ processLimits, threadsMax, pidMax, mapCount }: SystemLimits): readonly Finding[] {
  const user = /^Max processes\s+(\S+)/m.exec(processLimits ?? "")?.[1];
  const bounds = [
    { most: numberOf(user), fix: "ulimit -u 65536" },
    { most: numberOf(threadsMax), fix: "sudo sysctl -w kernel.threads-max=65536" },
    { most: numberOf(pidMax), fix: "sudo sysctl -w kernel.pid_max=65536" },
    { most: scaled(numberOf(mapCount)), fix: "sudo sysctl -w vm.max_map_count=262144" },
  ].filter((bound): bound is { most: number; fix: string } => bound.most !== undefined);
  const [least] = bounds.toSorted((one, other) => one.most - other.most);
  if (least === undefined) return [];
  const text = `${shown(least.most)} threads a process: on the runtime thread one a connection that is busy`;
  return [least.most >= enoughThreads ? ok("limits", text) : warn("limits", text, least.fix)];
}

function scaled(maps: number | undefined): number | undefined {
  return maps === undefined ? undefined : Math.floor(maps / mappings);
}

function overcommit({ overcommit: mode }: SystemLimits): readonly Finding[] {
  if (mode === undefined) return [];
  if (mode.trim() !== "2") return [ok("limits", "memory is given when it is used: stacks cost what they hold")];
  return [warn("limits", "memory is never promised beyond what there is (vm.overcommit_memory=2): every stack counts in full", "sudo sysctl -w vm.overcommit_memory=0")];
}

const enoughBacklog = 1024;

function backlog({ backlog: text }: SystemLimits): readonly Finding[] {
  const most = numberOf(text);
  if (most === undefined) return [];
  const said = `${shown(most)} connections wait to be accepted (net.core.somaxconn)`;
  return [most >= enoughBacklog ? ok("limits", said) : warn("limits", said, "sudo sysctl -w net.core.somaxconn=4096")];
}

function numberOf(text: string | undefined): number | undefined {
  const word = text?.trim() ?? "";
  if (word === "unlimited") return Infinity;
  return /^\d+$/.test(word) ? Number(word) : undefined;
}

function shown(number: number): string {
  return number === Infinity ? "any number of" : withCommas(number);
}
