// The dialogs, by the name that the URL has. Each is loaded when it is opened. A dialog reads its subject from the
// place and the selection, and closes itself by `go({ dialog: '' })`.
import { type ComponentType, lazy, type LazyExoticComponent } from 'react'

export const dialogs: Readonly<Record<string, LazyExoticComponent<ComponentType>>> = {
  move: lazy(() => import('./move.js')),
}
