// The dialogs, by the name that the URL has before its colon. Each is loaded when it is opened. A dialog reads its
// subject from the place and the selection, and closes itself by `go({ dialog: '' })`.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

const move = lazy(() => import('./move.js'))

export const dialogs: Readonly<Record<string, LazyExoticComponent<ComponentType>>> = {
  failover: move,
  move,
  results: lazy(() => import('./results.js')),
  detach: lazy(() => import('./detach.js')),
  delete: lazy(() => import('./delete.js')),
  tag: lazy(() => import('../forms/tag.js')),
  create: lazy(() => import('../forms/create.js')),
  edit: lazy(() => import('../forms/edit.js')),
  describe: lazy(() => import('../forms/describe.js')),
}
