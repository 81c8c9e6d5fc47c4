/** What the process answers to the shell. The same table stands in docs/command-line.md. */
export const exitCode = {
  fine: 0,
  /** The program is wrong: an error in the .flux file or in its node functions as the checks see them. */
  wrong: 1,
  /** The command line is wrong, or what it names cannot be read or written. */
  usage: 2,
  /** The C++ compiler or the linker failed, or is not there. */
  toolchain: 3,
  /** A mistake in fluxc. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
