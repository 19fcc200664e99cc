// A text that others wrote: a description, a tag, a reverse, or several as one text.
import type { ReactNode } from 'react'
import { writtenOut } from '../data/written-out.js'

/** It changes neither its own order nor that of its neighbours. It is no component: React would compare one more for each cell of a row that comes. */
export const foreign = (text: string): ReactNode => <bdi>{writtenOut(text)}</bdi>
