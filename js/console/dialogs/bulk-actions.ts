// What can be done with the selection: each action is a dialog of the registry.

export interface BulkAction {
  /** The name of the dialog in the registry. */
  readonly dialog: string
  readonly text: string
}

export const bulkActions: readonly BulkAction[] = []
