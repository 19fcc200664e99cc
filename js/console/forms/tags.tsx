// Tags: those that are there as buttons, and new ones as text, separated by commas. Both hold any tag.
import { writtenOut } from '../data/written-out.js'
import { listOf } from '../dialogs/tag-text.js'
import { foreign } from '../shell/foreign.js'
import { strings } from '../strings.js'

/** What a person wants of tags, whatever others do to them meanwhile. */
export interface TagChange {
  readonly removed: readonly string[]
  readonly typed: string
}

export const noTagChange: TagChange = { removed: [], typed: '' }

/** The tags after a change of them. What was not changed stays as it is, in its order. */
export function tagsAfter(tags: readonly string[], { removed, typed }: TagChange): string[] {
  const left = tags.filter((tag) => !removed.includes(tag))
  return [...left, ...typedTags(typed).filter((tag) => !left.includes(tag))]
}

/** The tags of a text, each once. */
export const typedTags = (text: string): string[] => [...new Set(listOf(text))]

export const areSame = (tags: readonly string[], others: readonly string[]): boolean => tags.length === others.length && tags.every((tag, at) => tag === others[at])

interface Attributes {
  readonly id: string
  readonly 'aria-describedby': string
  readonly 'aria-invalid': boolean
  readonly autoFocus?: boolean
}

interface Props extends Attributes {
  /** Those that are there: a press on one marks it as to be removed. */
  readonly tags?: readonly string[]
  readonly change: TagChange
  readonly onChange: (change: TagChange) => void
}

export function TagsInput({ tags = [], change, onChange, ...rest }: Props) {
  const { removed, typed } = change
  const present = [...new Set(tags)]
  return (
    <>
      {present.length > 0 && (
        <div className="tag-buttons">
          {present.map((tag) => {
            const isRemoved = removed.includes(tag)
            const count = tags.filter((each) => each === tag).length
            return (
              <button
                className="tag"
                type="button"
                key={tag}
                aria-pressed={isRemoved}
                aria-label={strings.forms.removeTag(tag === '' ? strings.forms.emptyTag : writtenOut(tag), count)}
                onClick={() => onChange({ typed, removed: isRemoved ? removed.filter((each) => each !== tag) : [...removed, tag] })}
              >
                {tag === '' ? strings.forms.emptyTag : foreign(tag)}
                {count > 1 && ` ${strings.forms.timesTag(count)}`}
              </button>
            )
          })}
        </div>
      )}
      <input className="input" autoComplete="off" spellCheck={false} value={typed} onChange={({ target }) => onChange({ removed, typed: target.value })} {...rest} />
    </>
  )
}
