/** What the compiler hands out: text with a place for it. Writes nothing. */

export interface EmittedFile {
  /** Below the output folder, with `/`. */
  readonly path: string;
  readonly text: string;
}
