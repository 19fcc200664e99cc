// Where a pointer drops what it drags: each card takes it whole. React Aria would draw two lists anew whenever the
// pointer goes from card to card, so it has the drags by keyboard alone.
import { type RefObject, useEffect } from 'react'

/** `drop` is called with the server of the card. Every card has its server and its zone as data. */
export function usePointerDrop(picture: RefObject<HTMLElement | null>, lifted: { readonly current: unknown }, isTarget: (serverId: string, zone: string) => boolean, drop: (serverId: string) => void): void {
  useEffect(() => {
    const element = picture.current
    if (!element) return
    let over: HTMLElement | undefined
    let entered: EventTarget | null = null
    // The mark is written to the card itself: nothing is drawn anew for it.
    const mark = (card: HTMLElement | undefined) => {
      if (card === over) return
      over?.removeAttribute('data-drop-target')
      card?.setAttribute('data-drop-target', 'true')
      over = card
    }
    const cardOf = ({ target }: DragEvent): HTMLElement | undefined => {
      const card = target instanceof Element ? target.closest<HTMLElement>('.card') : null
      return card && isTarget(card.dataset.server ?? '', card.dataset.zone ?? '') ? card : undefined
    }
    const onDrag = (event: DragEvent) => {
      // What comes from elsewhere is not ours.
      if (lifted.current === undefined) return
      event.stopPropagation()
      if (event.type === 'dragleave') {
        // What the pointer goes to is entered before: with this it has left the picture.
        if (event.target === entered) mark(undefined)
        return
      }
      if (event.type === 'dragenter') entered = event.target
      const card = cardOf(event)
      mark(event.type === 'drop' ? undefined : card)
      if (event.dataTransfer) event.dataTransfer.dropEffect = card ? 'move' : 'none'
      if (!card) return
      event.preventDefault()
      if (event.type === 'drop') drop(card.dataset.server ?? '')
    }
    const onEnd = () => mark(undefined)
    const types = ['dragenter', 'dragover', 'dragleave', 'drop'] as const
    for (const type of types) element.addEventListener(type, onDrag, true)
    element.addEventListener('dragend', onEnd, true)
    return () => {
      for (const type of types) element.removeEventListener(type, onDrag, true)
      element.removeEventListener('dragend', onEnd, true)
    }
  }, [picture, lifted, isTarget, drop])
}
