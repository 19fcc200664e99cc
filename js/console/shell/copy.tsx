// A button that copies a text, and says so.
import { useEffect, useState } from 'react'
import { strings } from '../strings.js'
import { Icon } from './icons.js'
import { announce, note } from './live.js'

const shownMs = 2000

/** Copies a text, and says so in a note. */
export async function copyText(text: string, done: string): Promise<void> {
  // A page without HTTPS, or a person, can refuse the clipboard.
  await navigator.clipboard.writeText(text).then(
    () => note(done),
    () => note(strings.copy.refused),
  )
}

export function CopyButton({ text, label, of }: { readonly text: string; readonly label: string; readonly of?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), shownMs)
    return () => clearTimeout(timer)
  }, [state])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
      announce(strings.copy.copied)
    } catch {
      // A page without HTTPS, or a person, can refuse the clipboard.
      setState('refused')
      announce(strings.copy.refused)
    }
  }
  return (
    <button className="button quiet-button copy-button" type="button" onClick={() => void copy()} aria-label={of === undefined ? undefined : `${label}: ${of}`}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      {state === 'copied' ? strings.copy.copied : state === 'refused' ? strings.copy.refused : label}
    </button>
  )
}
