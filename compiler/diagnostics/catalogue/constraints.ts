/** FLX05xx: atomicity constraints and deadlock freedom. Up to 0529 `check` reports them, from 0530 on the lock planner. */
import type { Entry } from "../diagnostic.ts";
import { t } from "../template.ts";

export const constraints = {
  FLX0501: {
    severity: "error",
    title: t`constraint \`${"name"}\` has two scopes`,
    text: t`A constraint is one lock for the whole program or one for each session; where nothing is written it is \`(program)\`.`,
    labels: { at: t`${"scope"} scope`, first: t`${"other"} scope` },
  },
  FLX0502: {
    severity: "error",
    title: t`source \`${"source"}\` has no session function but reaches \`${"constraint"}(session)\``,
    text: t`A session constraint is one lock for each session id, and flows of \`${"source"}\` have none.`,
    labels: { at: t`starts flows without a session`, use: t`node \`${"node"}\` needs the session's \`${"constraint"}\`` },
    hints: [t`add a session function: \`${"example"}\``],
  },
  FLX0503: {
    severity: "error",
    title: t`session constraint \`${"constraint"}\` inside source \`${"source"}\``,
    text: t`The session function is applied to what a source produces, so while the source runs there is no session id.`,
    labels: { at: t`no session yet`, source: t`\`${"node"}\` runs inside this source` },
  },
  FLX0504: {
    severity: "error",
    title: t`key \`${"key"}\` is no input of node \`${"node"}\``,
    labels: { at: t`not an input`, inputs: t`takes ${"taken"}` },
    hints: [t`did you mean \`${"suggestion"}\`?`],
  },
  FLX0505: {
    severity: "error",
    title: t`key \`${"key"}\` is a pointer`,
    text: t`Two pointers to equal values are two keys, and a pointer may be used again for another value.`,
    labels: { at: t`\`${"key"}\` is \`${"type"}\``, input: t`declared here` },
    hints: [t`use \`std::string\` or an integer`],
  },
  FLX0506: {
    severity: "error",
    title: t`constraint \`${"name"}\` has keys of two types`,
    labels: { at: t`\`${"key"}\` is \`${"type"}\``, first: t`\`${"otherKey"}\` is \`${"otherType"}\`` },
  },
  FLX0507: {
    severity: "error",
    title: t`pool \`${"name"}\` used with ${"part"}`,
    text: t`A pool lets a number of flows of the whole program in at once; \`{${"name"}}\` takes one unit of it.`,
    labels: { at: t`a pool has no ${"lacks"}`, pool: t`declared as a pool` },
  },
  FLX0508: {
    severity: "error",
    title: t`constraint \`${"name"}\` has a key and \`(session)\` scope`,
    text: t`A keyed constraint is one lock for each key value in the whole program.`,
    labels: { at: t`\`(session)\``, key: t`keyed here` },
    hints: [t`make the session id an input and a part of the key`],
  },
  FLX0509: {
    severity: "warning",
    title: t`constraint \`${"name"}\` is named twice for node \`${"node"}\``,
    labels: { at: t`${"effect"}`, first: t`first named here` },
  },
  FLX0510: {
    severity: "warning",
    title: t`program-wide constraint \`${"name"}\` is held across a \`wait\``,
    text: t`While a flow is parked there, every flow that needs \`${"name"}\`${"as"} stands still, however long that takes.`,
    labels: { at: t`held while \`${"holder"}\` runs`, wait: t`\`${"node"}\` waits` },
  },
  FLX0511: {
    severity: "warning",
    title: t`program-wide writer \`${"name"}\` is held while \`${"node"}\` blocks`,
    text: t`One flow at a time is inside, and a blocking node may take long.`,
    labels: { at: t`held while \`${"holder"}\` runs`, blocking: t`may block` },
  },
  FLX0512: {
    severity: "warning",
    title: t`nothing but node \`${"node"}\` uses constraint \`${"name"}\``,
    text: t`${"effect"}.`,
    labels: { at: t`the only use` },
    hints: [t`did you mean \`${"suggestion"}\`?`],
  },
  FLX0513: {
    severity: "warning",
    title: t`pool \`${"name"}\` is never used`,
    labels: { at: t`no node takes a unit of it` },
  },
  FLX0530: {
    severity: "warning",
    title: t`\`${"constraint"}\` is acquired early, by \`${"node"}\``,
    text: t`Constraints nest both ways: ${"cycle"}. So that no two flows wait for each other, all acquire \`${"constraint"}\` before \`${"later"}\`; \`${"node"}\`, which holds \`${"later"}\` when \`${"inner"}\` asks for it, takes it at its start.`,
    labels: { at: t`\`${"constraint"}\` is acquired before it, here`, asked: t`asked for here`, others: t`nests the other way` },
    hints: [t`write \`${"constraint"}\` in the \`atomic\` of \`${"node"}\` too: it means the same, and shows it`],
  },
  FLX0531: {
    severity: "warning",
    title: t`\`${"node"}\` acquires \`${"constraint"}\` as a writer`,
    text: t`\`${"writer"}\` writes inside it. Two flows that both read, and then both want to write, would wait for each other for ever; so \`${"node"}\` is a writer from its start.`,
    labels: { at: t`asks to read`, writer: t`writes, inside it` },
    hints: [t`write \`${"constraint"}\` without \`?\` here, or let what reads end before \`${"writer"}\` begins`],
  },
  FLX0532: {
    severity: "warning",
    title: t`\`${"node"}\` acquires all of \`${"constraint"}\``,
    text: t`\`${"inner"}\`, inside it, asks for ${"wants"}. Two flows that each hold one key and ask for what the other holds would wait for each other for ever; so \`${"node"}\` holds the whole class from its start, and no other flow has any key of it meanwhile.`,
    labels: { at: t`${"held"}`, asked: t`asked for here` },
    hints: [t`let \`${"node"}\` end before \`${"inner"}\` begins, or write \`${"constraint"}\` without a key in its \`atomic\`: it means the same, and shows it`],
  },
  FLX0533: {
    severity: "error",
    title: t`\`${"node"}\` makes a flow hold ${"held"} constraints at once`,
    text: t`A flow can hold ${"most"}, where each key counts as one.`,
    labels: { at: t`the last of them` },
    hints: [t`protect what is always used together by one constraint, or use a key: \`row[number]\` has a lock for each value`],
  },
} as const satisfies Record<`FLX05${number}`, Entry>;
