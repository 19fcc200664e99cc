// Keys that work anywhere in the page.
import { useEffect } from 'react'

/** Whether a key belongs to a field where text is typed. */
export function isTyping({ target }: Event): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'))
}

/** Calls `act` for a key. Returns true from it to keep the browser from acting too. */
export function useKeys(act: (event: KeyboardEvent) => boolean): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && act(event)) event.preventDefault()
    }
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [act])
}
