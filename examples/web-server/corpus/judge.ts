/** Compares what a server did with what a case requires. Sends nothing. */
import { valueOf, type Response } from "./answers.ts";
import type { Answer, Case } from "./case.ts";
import type { Transcript } from "./transcript.ts";

/** Everything in which the answers miss what is required; empty where the requirement is met. */
export function misses(one: Case, { responses, rest, closed }: Transcript): readonly string[] {
  const found: string[] = [];
  one.answers.forEach((answer, index) => {
    const response = responses[index];
    if (response !== undefined) found.push(...differences(answer, response).map((each) => `answer ${index + 1}: ${each}`));
    else if (answer.optional !== true) found.push(`answer ${index + 1} is missing`);
  });
  if (responses.length > one.answers.length) found.push(`${responses.length} answers instead of ${one.answers.length}`);
  if (rest !== "") found.push(`bytes that are no answer: ${JSON.stringify(rest.slice(0, 60))}`);
  if (one.then === "closes" && !closed) found.push("the connection stays open");
  if (one.then === "stays" && closed) found.push("the connection is closed");
  return found;
}

/** The same for our server, which has chosen where the requirement leaves a choice. */
export function missesOfOurs(one: Case, transcript: Transcript): readonly string[] {
  const required = misses(one, transcript);
  if (one.ours === undefined) return required;
  const { status, then } = one.ours;
  const chosen = misses(
    {
      ...one,
      // The choice of a status is about the first answer; a connection that stays has answered everything.
      answers: one.answers.map(({ optional, ...answer }, index) => ({
        ...answer,
        ...(status === undefined || index > 0 ? {} : { status: [status] }),
        ...(optional === true && then !== "stays" ? { optional } : {}),
      })),
      then: then ?? one.then,
    },
    transcript,
  );
  return [...new Set([...required, ...chosen])];
}

/** In what the answer misses what is asked of it, or every alternative. */
function differences(answer: Answer, response: Response): readonly string[] {
  const found = ownDifferences(answer, response);
  return found.length === 0 || answer.or?.some((other) => differences(other, response).length === 0) === true ? [] : found;
}

function ownDifferences(answer: Answer, response: Response): readonly string[] {
  const found: string[] = [];
  if (!answer.status.includes(response.status)) found.push(`${response.status} instead of ${answer.status.join(" or ")}`);
  for (const [name, expected] of Object.entries(answer.has ?? {})) {
    const value = valueOf(response, name);
    const right = typeof expected === "string" ? value === expected : value !== undefined && expected.test(value);
    if (!right) found.push(`${name} is ${value ?? "missing"} instead of ${String(expected)}`);
  }
  for (const name of answer.lacks ?? []) {
    const value = valueOf(response, name);
    if (value !== undefined) found.push(`${name}: ${value} must not be there`);
  }
  const { body } = answer;
  if (typeof body === "string" ? response.body !== body : body?.test(response.body) === false) {
    found.push(`the content is ${JSON.stringify(response.body.slice(0, 60))}`);
  }
  if (answer.continues === "must" && response.informational !== 1) found.push(`${response.informational} answers 100 before it`);
  if (answer.continues === undefined && response.informational !== 0) found.push("an answer 100 that nobody asked for");
  return found;
}

/** "200 404, closed": what a server did, for a table. */
export function summary({ responses, rest, closed }: Transcript): string {
  const statuses = responses.map(({ status, informational }) => "100 ".repeat(informational) + String(status));
  const shown = statuses.length > 6 ? [`${statuses.length} answers`] : statuses;
  const all = [...shown, ...(rest === "" ? [] : ["no HTTP"])];
  return `${all.length === 0 ? "nothing" : all.join(" ")}${closed ? ", closed" : ""}`;
}

/**
 * True if our server served a request of this case that the other one refused. Where the other one misses the
 * requirement itself, its refusal is a mistake and no measure.
 */
export function isLaxer(one: Case, ours: Transcript, theirs: Transcript): boolean {
  if (misses(one, theirs).length > 0) return false;
  // What nginx did not answer it may have closed on; whether that is required is what `then` says.
  const count = Math.max(theirs.responses.length, 1);
  return Array.from({ length: count }).some((_, index) => isServed(ours, index) && !isServed(theirs, index));
}

function isServed({ responses, rest }: Transcript, index: number): boolean {
  const response = responses[index];
  return response === undefined ? index === responses.length && rest !== "" : response.status < 400;
}
