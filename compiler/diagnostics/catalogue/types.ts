/** FLX03xx: types of tuples. */
import type { Entry } from "../diagnostic.ts";
import { t } from "../template.ts";

export const types = {
  FLX0301: {
    severity: "error",
    title: t`parameter of type \`${"type"}\` has no name`,
    labels: { at: t`expected a type and a name` },
    hints: [t`name it: \`${"example"}\``],
  },
  FLX0302: {
    severity: "error",
    title: t`${"what"} as a parameter type`,
    text: t`A parameter is a type followed by a name.`,
    labels: { at: t`its type is written around its name` },
    hints: [t`give the type a name in your header, such as \`${"example"}\`, and use that name`],
  },
  FLX0303: {
    severity: "error",
    title: t`node \`${"node"}\` has two ${"side"}s named \`${"name"}\``,
    labels: { at: t`named again`, first: t`first \`${"name"}\`` },
  },
  FLX0304: {
    severity: "error",
    title: t`${"what"} \`${"type"}\` as an output`,
    text: t`An output is a variable of the flow: it is made before the node runs and assigned by it.`,
    labels: { at: t`expected the type of a value` },
    hints: [t`write \`${"value"}\`; the function takes it as \`${"value"}&\``],
  },
  FLX0305: {
    severity: "error",
    title: t`invalid parameter type \`${"type"}\``,
    labels: { at: t`${"why"}` },
    hints: [t`${"hint"}`],
  },
  FLX0306: {
    severity: "error",
    title: t`nothing says what node \`${"name"}\` takes`,
    text: t`It has an empty right-hand side and no signature, and no node runs before it whose outputs would decide.`,
    labels: { at: t`needs a signature` },
    hints: [t`declare it: \`${"undeclared"} (…) => (…);\``],
  },
  FLX0307: {
    severity: "error",
    title: t`the cases of dispatch \`${"name"}\` ${"side"} different values`,
    labels: { at: t`this case ${"verb"} ${"found"}`, other: t`this case ${"verb"} ${"expected"}` },
  },
  FLX0308: {
    severity: "error",
    title: t`empty ${"what"} of \`${"name"}\` changes its values`,
    text: t`An empty right-hand side passes its inputs through, so what \`${"name"}\` takes and produces must be the same.
It takes    ${"inputs"}
and produces ${"outputs"}`,
    labels: { at: t`passes ${"inputs"} through` },
  },
  FLX0309: {
    severity: "error",
    title: t`the ${"place"} step of \`${"name"}\` does not agree with its signature`,
    labels: { at: t`\`${"step"}\` ${"verb"} ${"found"}`, signature: t`\`${"name"}\` ${"verb"} ${"expected"}` },
  },
  FLX0310: {
    severity: "error",
    title: t`pattern of \`${"name"}\` has ${"entries"} but the node takes ${"values"}`,
    labels: { at: t`expected one entry for each of ${"inputs"}` },
    hints: [t`write \`${"pattern"}\``],
  },
  FLX0311: {
    severity: "error",
    title: t`source \`${"source"}\` does not produce what \`${"target"}\` takes`,
    labels: { at: t`takes ${"taken"}`, source: t`produces ${"produced"}` },
  },
  FLX0312: {
    severity: "error",
    title: t`node \`${"node"}\` takes ${"values"} but \`${"producer"}\` produces ${"count"}`,
    labels: { at: t`takes ${"taken"}`, producer: t`produces ${"produced"}`, again: t`the same again` },
    hints: [t`did you mean \`${"suggestion"}\`?`],
  },
  FLX0313: {
    severity: "error",
    title: t`node \`${"node"}\` takes \`${"expected"}\` as its ${"position"} value but \`${"producer"}\` produces \`${"found"}\``,
    labels: { at: t`takes ${"taken"}`, producer: t`produces ${"produced"}`, again: t`the same again` },
    hints: [
      t`did you mean \`${"suggestion"}\`?`,
      t`write the value's type in the signature, \`${"reference"}\`; the function itself may take it by reference`,
    ],
  },
  FLX0314: {
    severity: "error",
    title: t`timer source \`${"source"}\` starts \`${"target"}\`, which takes values`,
    labels: { at: t`takes ${"taken"}`, source: t`a tick produces ()` },
  },
  FLX0315: {
    severity: "error",
    title: t`source \`${"source"}\` takes values`,
    text: t`A source is where values come from: nothing runs before it that could give it any.`,
    labels: { at: t`takes ${"taken"}, expected ()`, source: t`a source` },
  },
  FLX0316: {
    severity: "error",
    title: t`handler \`${"handler"}\` does not take what \`${"failed"}\` takes`,
    text: t`A handler takes the failed node's inputs or the first few of them, then \`int error\`.`,
    labels: { at: t`takes ${"taken"}`, failed: t`takes ${"inputs"}` },
    hints: [t`write \`${"signature"}\``],
  },
  FLX0317: {
    severity: "error",
    title: t`handler \`${"handler"}\` does not take \`int error\` last`,
    labels: { at: t`expected \`int error\` as the last input`, use: t`used as a handler` },
    hints: [t`write \`${"signature"}\``],
  },
  FLX0318: {
    severity: "error",
    title: t`handler \`${"handler"}\` takes more than every node that can fail here has`,
    text: t`The nodes that can fail here share only ${"shared"} as their first inputs.`,
    labels: { at: t`${"where"}`, differs: t`takes ${"inputs"}`, handler: t`takes ${"taken"}` },
    hints: [t`write \`${"signature"}\``],
  },
  FLX0319: {
    severity: "error",
    title: t`node \`${"name"}\` is given different values at two places`,
    text: t`It has no signature and its right-hand side does not say what it takes, so that is what comes before it.`,
    labels: { at: t`\`${"producer"}\` gives it ${"produced"}`, other: t`gets ${"taken"}` },
    hints: [t`write a node of its own for each place`],
  },
} as const satisfies Record<`FLX03${number}`, Entry>;
