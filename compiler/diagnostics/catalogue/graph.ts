/** FLX04xx: the shape of the flow graph. */
import type { Entry } from "../diagnostic.ts";
import { t } from "../template.ts";

export const graph = {
  FLX0401: {
    severity: "error",
    title: t`\`${"name"}\` comes round to itself before its end`,
    text: t`A node may come round to itself only as the last step of every sequence on the way; then it is a loop.
The cycle is:
${"cycle"}`,
    labels: { at: t`leads to \`${"name"}\` again`, back: t`starts \`${"name"}\` again`, after: t`this step is still to come` },
  },
  FLX0402: {
    severity: "error",
    title: t`the loop of \`${"target"}\` is entered at a second node, \`${"second"}\``,
    text: t`A loop is entered from outside at one node only, the one its tail calls lead back to.
The loop is:
${"cycle"}`,
    labels: { at: t`enters the loop at \`${"second"}\``, first: t`enters the loop at \`${"target"}\`` },
  },
  FLX0403: {
    severity: "error",
    title: t`a round of the loop of \`${"name"}\` runs no concrete node`,
    text: t`Such a round does nothing and waits for nothing, so it would turn for ever.
The round is:
${"cycle"}`,
    labels: { at: t`comes round without having run a C++ function` },
  },
  FLX0404: {
    severity: "warning",
    title: t`loop \`${"name"}\` has no way out`,
    text: t`Every way through it leads back to \`${"name"}\`: a flow leaves it only when a node fails.`,
    labels: { at: t`never comes to an end`, call: t`starts the next round` },
  },
  FLX0405: {
    severity: "error",
    title: t`source \`${"name"}\` is used as ${"role"}`,
    text: t`A source starts flows and runs outside of them.`,
    labels: { at: t`used as ${"role"}`, source: t`declared as a source` },
  },
  FLX0406: {
    severity: "error",
    title: t`timeout on ${"what"} \`${"name"}\``,
    text: t`A source waits for as long as nothing comes; no flow is running yet that could be late.`,
    labels: { at: t`no time limit can be set here`, source: t`declared as a source` },
  },
  FLX0407: {
    severity: "error",
    title: t`\`${"declaration"}\` on abstract node \`${"name"}\``,
    text: t`Only a concrete node, a C++ function, can ${"does"}.`,
    labels: { at: t`not a C++ function`, body: t`its right-hand side` },
    hints: [t`name a node inside it, such as \`${"inside"}\``],
  },
  FLX0408: {
    severity: "error",
    title: t`two handlers for \`${"path"}\``,
    labels: { at: t`handled again`, first: t`first handled here` },
  },
  FLX0409: {
    severity: "error",
    title: t`no failure can match \`${"path"}\``,
    text: t`${"why"}.`,
    labels: { at: t`${"label"}` },
    hints: [t`possible here: ${"possible"}`],
  },
  FLX0410: {
    severity: "error",
    title: t`node \`${"name"}\` waits for \`${"variable"}\`, which is none of its inputs`,
    labels: { at: t`not an input`, inputs: t`takes ${"taken"}` },
    hints: [
      t`did you mean \`${"suggestion"}\`?`,
      t`a handler's inputs have names only in a signature: \`${"undeclared"} (…, int error) => ();\``,
    ],
  },
  FLX0411: {
    severity: "error",
    title: t`\`${"variable"}\` is no descriptor to wait for`,
    text: t`A wait needs an \`int\`, or an object or pointer with \`fd()\`.`,
    labels: { at: t`\`${"variable"}\` is \`${"type"}\``, input: t`declared here` },
  },
  FLX0412: {
    severity: "warning",
    title: t`dispatch \`${"name"}\` has no case for every other value`,
    text: t`A value that no case matches makes \`${"name"}\` fail with \`flux::no_match\`.`,
    labels: { at: t`the last case is not a catch-all` },
    hints: [t`end with \`${"case"}\``],
  },
  FLX0413: {
    severity: "warning",
    title: t`case of \`${"name"}\` is never reached`,
    labels: { at: t`never matches`, first: t`${"earlier"}` },
  },
  FLX0414: {
    severity: "warning",
    title: t`node \`${"name"}\` is never used`,
    labels: { at: t`no flow, source or handler names it` },
  },
  FLX0415: {
    severity: "warning",
    title: t`node \`${"name"}\` is never reached`,
    labels: { at: t`no source's flow comes here`, use: t`only used here, and \`${"user"}\` is never reached either` },
  },
  FLX0416: {
    severity: "warning",
    title: t`predicate type \`${"name"}\` is never used`,
    labels: { at: t`no pattern names it` },
  },
  FLX0417: {
    severity: "warning",
    title: t`step \`${"name"}\` is never reached`,
    text: t`\`${"before"}\` is a loop without a way out.`,
    labels: { at: t`never runs`, before: t`never comes to an end` },
  },
  FLX0418: {
    severity: "warning",
    title: t`no source: nothing starts a flow`,
    labels: { at: t`` },
    hints: [t`declare one: \`source Listen => Image;\``],
  },
  FLX0419: {
    severity: "error",
    title: t`no source: nothing starts a flow`,
    labels: { at: t`` },
    hints: [t`declare one: \`source Listen => Image;\``],
  },
} as const satisfies Record<`FLX04${number}`, Entry>;
