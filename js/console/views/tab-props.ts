import type { FlexibleIP } from 'flexip/slim'

/** What a tab of the sheet gets. */
export interface TabProps {
  readonly ip: FlexibleIP
}
