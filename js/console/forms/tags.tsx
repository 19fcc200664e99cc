// Tags as text, separated by commas. Quotes hold what a tag may have and the text could not: a comma, a space at an end.
import { useState } from 'react'
import { listOf, textOf } from '../dialogs/tag-text.js'

interface Props {
  readonly id: string
  readonly 'aria-describedby': string
  readonly 'aria-invalid': boolean
  readonly autoFocus?: boolean
  readonly value: readonly string[]
  readonly onChange: (tags: string[]) => void
}

export function TagsInput({ value, onChange, ...rest }: Props) {
  const [text, setText] = useState(() => textOf(value))
  // What others change while nothing is typed.
  const shown = JSON.stringify(listOf(text)) === JSON.stringify(value) ? text : textOf(value)
  return (
    <input
      className="input"
      autoComplete="off"
      spellCheck={false}
      value={shown}
      onChange={({ target }) => {
        setText(target.value)
        onChange(listOf(target.value))
      }}
      {...rest}
    />
  )
}
