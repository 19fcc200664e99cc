// Tags as text, separated by commas.
import { useState } from 'react'
import { listOf } from '../dialogs/words.js'

interface Props {
  readonly id: string
  readonly 'aria-describedby': string
  readonly 'aria-invalid': boolean
  readonly autoFocus?: boolean
  readonly value: readonly string[]
  readonly onChange: (tags: string[]) => void
}

export function TagsInput({ value, onChange, ...rest }: Props) {
  const [text, setText] = useState(() => value.join(', '))
  // What others change while nothing is typed.
  const shown = listOf(text).join('\n') === value.join('\n') ? text : value.join(', ')
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
