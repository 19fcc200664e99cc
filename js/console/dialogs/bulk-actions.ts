// What can be done with the selection: each action is a dialog of the registry.
import { strings } from '../strings.js'

export interface BulkAction {
  /** The name of the dialog in the registry. */
  readonly dialog: string
  readonly text: string
  /** The key that opens it. What destroys has none. */
  readonly key?: string
}

export const bulkActions: readonly BulkAction[] = [
  { dialog: 'move', text: strings.acts.move, key: 'M' },
  { dialog: 'detach', text: strings.acts.detach, key: 'D' },
  { dialog: 'tag', text: strings.acts.tag, key: 'T' },
  { dialog: 'describe', text: strings.acts.describe, key: 'E' },
  { dialog: 'delete', text: strings.acts.delete },
]
