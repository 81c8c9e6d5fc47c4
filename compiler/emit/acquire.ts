/** Acquisitions as C++: of a lock of the program, a unit of a pool, or what is borrowed for a session or for keys. */
import { invariant } from "../diagnostics/checked.ts";
import type { AcquireExit, BlockId } from "../flow/flow-graph.ts";
import type { PlannedLock } from "../target/target-plan.ts";
import { indent, type Lines } from "../text/lines.ts";
import { elided, innerLabel, isTable, lockOf, lockVariable, typeName, variable } from "./naming.ts";
import { bitsAreSet, setBit } from "./operations.ts";
import { branch, conditional, deadline, edgeLines, jump, parkLines, type Printing } from "./ways.ts";

export function* acquireLines(printing: Printing, id: BlockId, exit: AcquireExit, next: BlockId | undefined): Lines {
  const { naming } = printing;
  const planned = lockOf(naming, exit.lock);
  if (isTable(planned)) return yield* borrowLines(printing, id, exit, planned, next);
  const lock = lockVariable(planned);
  // Those who have a unit each are like readers: several at once.
  const mode = `flux::mode::${planned.kind === "pool" ? "read" : exit.mode}`;
  const held = innerLabel(naming, id, "held");
  yield* heldAlready(printing, exit, planned, held);
  yield* parkLines(printing, id, `runtime.acquire(record, ${lock}, ${mode}, ${deadline(printing, id)})`);
  yield* branch(printing, "record.error != 0", exit.fail);
  yield `record.held.push(${lock}, ${mode});`;
  if (exit.bit !== undefined) yield setBit(exit.bit);
  yield `${held}:`;
  yield* edgeLines(printing, exit.granted, next);
}

/** By an extent around this one; or nobody can be met in it. */
function* heldAlready(printing: Printing, { unless }: AcquireExit, planned: PlannedLock, held: string): Lines {
  const is = [...(planned.users === undefined ? [] : [elided(planned)]), ...(unless.length === 0 ? [] : [bitsAreSet(unless)])];
  if (is.length > 0) yield* conditional(is.join(" || "), [jump(printing, held)]);
}

/** A lock of a session or key, or of several keys: borrowed from its table, acquired, and given back if that comes to nothing. */
function* borrowLines(printing: Printing, id: BlockId, exit: AcquireExit, planned: PlannedLock, next: BlockId | undefined): Lines {
  const { naming } = printing;
  const table = lockVariable(planned);
  const keys = exit.keys ?? [];
  const several = keys.length > 1;
  const [held, failed] = [innerLabel(naming, id, "held"), innerLabel(naming, id, "failed")];
  const granted = [...(exit.bit === undefined ? [] : [setBit(exit.bit)]), ...edgeLines(printing, exit.granted)];
  const mode = several ? "record.wanted_mode" : `flux::mode::${exit.mode}`;
  yield* heldAlready(printing, exit, planned, held);
  if (several) {
    const declared = naming.graph.program.constraints.get(planned.constraint)?.kind;
    invariant(declared?.kind === "keyed", `${planned.constraint} has keys`);
    yield "record.next_key = 0;";
    yield `${innerLabel(naming, id, "more")}:`;
    yield "{";
    yield `  flux::core::wanted_key<${typeName(naming, declared.keyType)}> keys[] = {`;
    for (const key of keys) yield `      {&${variable(naming, key.slot)}.get(), flux::mode::${key.mode}},`;
    yield "  };";
    yield `  if (!flux::want_next(record, ${table}, keys)) {`;
    yield* indent(indent(conditional("record.error != 0", [jump(printing, failed)])));
    yield* indent(indent(granted));
    yield "  }";
    yield "}";
  } else {
    const [only] = keys;
    const key = only === undefined ? "record.session" : `${variable(naming, only.slot)}.get()`;
    yield* conditional(`!flux::want(record, ${table}, ${key})`, [jump(printing, failed)]);
  }
  yield* parkLines(printing, id, `runtime.acquire(record, *record.wanted, ${mode}, ${deadline(printing, id)})`);
  yield* conditional("record.error != 0", [jump(printing, failed)]);
  yield `flux::hold_wanted(record, ${mode});`;
  if (several) {
    yield "++record.next_key;";
    yield jump(printing, innerLabel(naming, id, "more"));
  } else yield* granted;
  if (exit.unless.length > 0 || planned.users !== undefined) {
    yield `${held}:`;
    yield* edgeLines(printing, exit.granted);
  }
  yield `${failed}:`;
  yield "forget_wanted(record);";
  yield* edgeLines(printing, exit.fail, next);
}
