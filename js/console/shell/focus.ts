// Where the focus goes when what had it is gone: back to what had it before a dialog, else to the main part of the view.
import { useEffect, useRef } from 'react'
import { type Place, parse } from '../data/url.js'

/** What had the focus last, outside of dialogs and menus. */
let last: HTMLElement | undefined
/** Gives the focus to something else than what had it last, when the dialog that is open is closed. */
let instead: (() => boolean) | undefined
addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && !target.closest('[role="dialog"], [role="alertdialog"]')) last = target
})

/** What has the focus when the dialog that is open is closed: `give` says whether there was something to give it to. */
export function afterDialog(give: () => boolean): void {
  instead = give
}

/** When the page is drawn anew, gives the focus to what `give` finds, else to the main part of the view. */
export function giveFocus(give: () => boolean, { onlyLost = false } = {}): void {
  afterFrames(() => (!onlyLost || isLost()) && !give() && focusMain())
}

const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body

/** The table, or the part of the page that has the view. */
export function focusMain(): void {
  const main = document.querySelector<HTMLElement>('#content .table') ?? document.querySelector<HTMLElement>('#content')
  main?.focus({ preventScroll: true })
}

/** A view that was gone to by keys has the focus. One that is loaded yet takes it from the part that waits for it. */
export function focusView(): void {
  document.querySelector<HTMLElement>('#content')?.focus({ preventScroll: true })
  afterFrames(() => isWaiting() && focusMain())
}

/** Whether the focus waits for a view to be drawn. */
export const isWaiting = (): boolean => document.activeElement?.id === 'content'

/** Gives a focus that was lost back when a dialog, a sheet or a view was left. */
export function useFocusBack({ view, ip, dialog }: Place): void {
  const isFirst = useRef(true)
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false
      return
    }
    if (dialog !== '') return
    const give = instead
    instead = undefined
    // A dialog gives the focus back itself if what opened it is still known to it.
    return afterFrames(() => {
      if (parse(location.search).dialog !== '' || give?.() === true || !isLost()) return
      // The elements of a row are those of another one after the table has scrolled.
      if (last?.isConnected === true && !last.closest('[role="row"]')) last.focus({ preventScroll: true })
      if (isLost()) focusMain()
    })
  }, [view, ip, dialog])
}

function afterFrames(act: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(act)
  })
  return () => cancelAnimationFrame(frame)
}
