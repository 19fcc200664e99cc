// A description: one line, or as many as it has.
import type { InputHTMLAttributes, Ref } from 'react'

interface Props extends Pick<InputHTMLAttributes<HTMLInputElement>, 'autoFocus' | 'name' | 'id' | 'aria-describedby' | 'aria-invalid'> {
  /** The description that it begins with. */
  readonly before: string
  readonly ref: Ref<HTMLInputElement & HTMLTextAreaElement>
  readonly onChange: (event: { target: unknown; type?: unknown }) => unknown
  readonly onBlur: (event: { target: unknown; type?: unknown }) => unknown
}

const lineBreak = /\r\n|\r|\n/

/** A field of one line would lose the line breaks of a description that has them. */
export function DescriptionInput({ before, ...rest }: Props) {
  const lines = before.split(lineBreak).length
  if (lines === 1) return <input className="input" autoComplete="off" {...rest} />
  return <textarea className="input" autoComplete="off" rows={Math.min(lines + 1, 8)} {...rest} />
}

/** A field has line feeds only. What had other line breaks gets them again. */
export function asBefore(text: string, before: string): string {
  const kinds = new Set(before.match(new RegExp(lineBreak, 'g')) ?? [])
  const [kind = '\n'] = kinds
  return kinds.size === 1 ? text.replaceAll('\n', kind) : text
}
