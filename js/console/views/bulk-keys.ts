// The keys of the bulk actions. They work before the bar of the selection is loaded.
import { useCallback } from 'react'
import { go, parse } from '../data/url.js'
import { bulkActions } from '../dialogs/bulk-actions.js'
import { isTyping, useKeys } from '../shell/keys.js'
import { useOnline } from '../shell/online.js'

export function useBulkKeys(hasSelection: boolean): void {
  const isOnline = useOnline()
  useKeys(
    useCallback(
      (event) => {
        if (!hasSelection || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || !isOnline || parse(location.search).dialog !== '') return false
        const action = bulkActions.find(({ key }) => key === event.key)
        if (action) go({ dialog: action.dialog })
        return action !== undefined
      },
      [hasSelection, isOnline],
    ),
  )
}
