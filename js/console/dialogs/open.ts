// How views open the dialogs of changes. The URL holds which dialog is open, and for what.
import { go } from '../data/url.js'

/** The plan of a failover of a server. */
export const openFailover = (serverId: string): void => go({ dialog: `failover:${serverId}` })

/** The plan to move the selection, to a server if one was chosen already. */
export const openMove = (serverId = ''): void => go({ dialog: serverId === '' ? 'move' : `move:${serverId}` })

/** The address of a move of a selection that is started now: its progress and its report are there, and nowhere else. */
export const newMoveAddress = (): string => `move:run:${Date.now().toString(36)}`

/** Whether an address is that of a move of a selection that was started. */
export const isMoveRun = (dialog: string): boolean => dialog.startsWith('move:run:')

/** A change of one flexible IP. The selection stays as it is. */
export const openFor = (fipId: string, dialog: 'move' | 'detach' | 'delete'): void => go({ dialog: `${dialog}:ip:${fipId}` })

/** The form of one flexible IP. It begins in its first field, or in its tags. */
export const openEdit = (fipId: string, field: 'description' | 'tags' = 'description'): void => go({ dialog: field === 'tags' ? `edit:${fipId}:tags` : `edit:${fipId}` })

export const closeDialog = (): void => go({ dialog: '' })

/** The name and the subject of a dialog in the URL. */
export function partsOf(dialog: string): readonly [name: string, subject: string] {
  const at = dialog.indexOf(':')
  return at < 0 ? [dialog, ''] : [dialog.slice(0, at), dialog.slice(at + 1)]
}
