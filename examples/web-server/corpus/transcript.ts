/** What came of a case that was played against one server. */
import type { Response } from "./answers.ts";

export interface Transcript {
  /** The final answers to the case's own bytes. */
  readonly responses: readonly Response[];
  /** What could not be read as an answer. */
  readonly rest: string;
  /** The server ended the connection, or did not answer the request that tried it. */
  readonly closed: boolean;
  /** It ended with a reset, which can take an answer with it that was sent before. */
  readonly reset: boolean;
}
