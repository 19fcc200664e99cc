// The dialogs, by the name that the URL has before its colon. Each is loaded when it is opened. A dialog reads its
// subject from the place and the selection, and closes itself by `go({ dialog: '' })`.
import type { ComponentType } from 'react'
import type { DialogName } from '../data/url.js'
import { part } from '../shell/part.js'
import { closeDialog } from './open.js'

const dialog = (load: () => Promise<{ default: ComponentType }>): ComponentType => part(async () => (await load()).default, { failsIn: 'note', close: closeDialog })

const move = dialog(() => import('./move.js'))

export const dialogs: Readonly<Record<DialogName, ComponentType>> = {
  failover: move,
  move,
  doubt: dialog(() => import('./doubt.js')),
  keys: dialog(() => import('./keys.js')),
  results: dialog(() => import('./results.js')),
  detach: dialog(() => import('./detach.js')),
  delete: dialog(() => import('./delete.js')),
  tag: dialog(() => import('../forms/tag.js')),
  create: dialog(() => import('../forms/create.js')),
  edit: dialog(() => import('../forms/edit.js')),
  describe: dialog(() => import('../forms/describe.js')),
}
