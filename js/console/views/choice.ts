/** A value of a filter, with its text. */
export interface Choice {
  readonly value: string
  readonly text: string
}
