// The description, with its line breaks. Enter sends the form, as in its other fields; Shift Enter breaks the line.
import type { ComponentProps } from 'react'

export function DescriptionInput(props: ComponentProps<'textarea'>) {
  return (
    <textarea
      className="input"
      rows={2}
      autoComplete="off"
      enterKeyHint="send"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
        event.preventDefault()
        event.currentTarget.form?.requestSubmit()
      }}
      {...props}
    />
  )
}

/** A field has line feeds only. What had other line breaks gets them again. */
export function asBefore(text: string, before: string): string {
  const kinds = new Set(before.match(/\r\n|\r|\n/g) ?? [])
  const [kind = '\n'] = kinds
  return kinds.size === 1 ? text.replaceAll('\n', kind) : text
}
