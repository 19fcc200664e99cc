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
  { dialog: 'move', text: strings.acts.move, key: 'm' },
  { dialog: 'detach', text: strings.acts.detach, key: 'd' },
  { dialog: 'tag', text: strings.acts.tag, key: 't' },
  { dialog: 'describe', text: strings.acts.describe, key: 'e' },
  { dialog: 'delete', text: strings.acts.delete },
]
