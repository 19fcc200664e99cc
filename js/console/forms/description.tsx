// The description, with its line breaks. Enter breaks the line; Ctrl Enter sends the form.
import type { ComponentProps } from 'react'

export function DescriptionInput(props: ComponentProps<'textarea'>) {
  return (
    <textarea
      className="input"
      rows={2}
      autoComplete="off"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
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
