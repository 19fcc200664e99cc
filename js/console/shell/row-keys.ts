// The keys that act on flexible IPs: on the selection, else on the one of the sheet, else on the row of the cursor.
import type { FlexibleIP } from 'flexip/slim'
import { useCallback } from 'react'
import { ipColumns, ipLine, toTable } from '../data/export.js'
import { shownRows } from '../data/order.js'
import { select, useSelection } from '../data/selection.js'
import { useFleet, useExactName } from '../data/store.js'
import { go, usePlace } from '../data/url.js'
import { bulkActions } from '../dialogs/bulk-actions.js'
import { openEdit, openFor } from '../dialogs/open.js'
import { strings } from '../strings.js'
import { copyText } from './copy.js'
import { commandKey, useKeys } from './keys.js'
import { note } from './live.js'
import { useOnline } from './online.js'

export function RowKeys(): undefined {
  const [{ view, ip: inSheet }] = usePlace()
  const { ips } = useFleet()
  const exactName = useExactName()
  const selection = useSelection()
  const isOnline = useOnline()
  useKeys(
    useCallback(
      (event) => {
        const key = commandKey(event)
        if (key === undefined) return false
        const { ids, cursorId } = shownRows()
        const hasSelection = view === 'ips' && selection.size > 0
        const isInTable = event.target instanceof Element && event.target.closest('.table') !== null
        const only = inSheet !== '' ? inSheet : isInTable ? cursorId : ''
        const chosen = inOrderOf(ips.filter(({ id }) => (hasSelection ? selection.has(id) : id === only)), ids)
        const [first] = chosen
        if (!first) return false
        if (key === 'B' && isInTable) select(withGroup(ips, cursorId, selection), ids)
        else if (key === 'C') void copyText(chosen.map(({ ipAddress }) => ipAddress).join('\n'), strings.copy.addresses(chosen.length))
        else if (key === 'Shift C') void copyText(toTable(chosen.map((ip) => ipLine(ip, exactName)), ipColumns), strings.copy.rows(chosen.length))
        else {
          const action = bulkActions.find((each) => each.key === key)
          if (!action) return false
          if (!isOnline) note(strings.offline.changesOff)
          else if (hasSelection) go({ dialog: action.dialog })
          else if (action.dialog === 'move' || action.dialog === 'detach') openFor(first.id, action.dialog)
          else openEdit(first.id, action.dialog === 'tag' ? 'tags' : 'description')
        }
        return true
      },
      [view, inSheet, ips, exactName, selection, isOnline],
    ),
  )
}

function withGroup(all: readonly FlexibleIP[], cursorId: string, selection: ReadonlySet<string>): ReadonlySet<string> {
  const mac = all.find(({ id }) => id === cursorId)?.macAddress?.id
  return new Set([...selection, ...all.filter(({ macAddress }) => mac !== undefined && macAddress?.id === mac).map(({ id }) => id)])
}

function inOrderOf(chosen: readonly FlexibleIP[], ids: readonly string[]): readonly FlexibleIP[] {
  const at = new Map(ids.map((id, index) => [id, index]))
  return [...chosen].sort((a, b) => (at.get(a.id) ?? ids.length) - (at.get(b.id) ?? ids.length))
}
