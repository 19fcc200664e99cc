// The exit codes of all commands. docs/guides/command.md has the same table.

/** What a command ends with. A script can decide by it, without reading any text. */
export const exitCodes = {
  /** Everything that was asked for is done. */
  done: 0,
  /** It failed, and none of the other codes says how: the service or the command has a defect. */
  failed: 1,
  /** The arguments or the configuration are wrong. Nothing was sent. */
  arguments: 2,
  /** The service, a rule or the user refused. The same command fails again until something else changes. */
  refused: 3,
  /** A response was lost: it is unknown whether the change was made. */
  inDoubt: 4,
  /** The time was up. The work may still end by itself. */
  timedOut: 5,
  /** A part is done, and another part is not. */
  incomplete: 6,
  /** The service gave no usable response. Nothing was changed. */
  unreachable: 7,
  /** No flexible IP or no server has this name. */
  notFound: 8,
  /** `plan --check`: the state differs from the file. */
  differs: 9,
  /** `claim --while`: the command failed, so that the claim ended. */
  withdrawn: 10,
  /** Ctrl-C. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
