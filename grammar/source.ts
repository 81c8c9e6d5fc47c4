/** A text with a name and a line table. Reads no file. */
export interface Source {
  /** As given on the command line; `-` is standard input. */
  readonly path: string;
  readonly text: string;
}

/** 1-based line and column; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
