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

/** A text field gives every line break as one sign. What others wrote with two keeps them. */
export function withBreaksOf(before: string, text: string): string {
  return before.includes('\r\n') ? text.replace(/\r?\n/g, '\r\n') : text
}
