// Keys that work anywhere in the page. Single keys can be switched off, because speech input types letters.
import { useEffect } from 'react'
import { observable, useObservable } from '../data/observable.js'
import { forget, readStored, store } from '../data/storage.js'
import { parse } from '../data/url.js'

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

const storedAs = 'flexip-single-keys-off'
const singleKeys = observable(readStored(storedAs) === undefined)

export const useSingleKeys = (): boolean => useObservable(singleKeys)

export function switchSingleKeys(isOn: boolean): void {
  if (isOn) forget(storedAs)
  else store(storedAs, '1')
  singleKeys.set(isOn)
}

/**
 * The key of a command, such as `M`, `Shift C` or `/`. Nothing while text is typed, with another modifier, while a
 * dialog or a menu is open, or when single keys are off.
 */
export function commandKey(event: KeyboardEvent): string | undefined {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event
  if (key.length !== 1 || key === ' ' || ctrlKey || metaKey || altKey || isTyping(event) || !singleKeys.get() || isModal()) return undefined
  const upper = key.toUpperCase()
  // Where a sign is on the keyboard, and whether it needs Shift there, depends on the layout.
  return shiftKey && upper !== key.toLowerCase() ? `Shift ${upper}` : upper
}

function isModal(): boolean {
  return parse(location.search).dialog !== '' || document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
}
