// The search and the filters of the API's list. Their menus are loaded when one is opened.
import type { FlexibleIP } from 'flexip/slim'
import { type ComponentProps, type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { zones } from '../data/connection.js'
import { type NameOf, sortable } from '../data/search.js'
import { type Place, usePlace } from '../data/url.js'
import { focusMain } from '../shell/focus.js'
import { foreign } from '../shell/foreign.js'
import { Icon } from '../shell/icons.js'
import { commandKey, useKeys } from '../shell/keys.js'
import { useOnline } from '../shell/online.js'
import { part } from '../shell/part.js'
import { strings } from '../strings.js'
import type { Choice } from './choice.js'

const FilterMenu = part<ComponentProps<typeof import('./filter-menu.js').default>>(async () => (await import('./filter-menu.js')).default, { failsIn: 'note', close: ({ close }) => close(), isSoon: true })

type FilterName = 'zone' | 'status' | 'tag' | 'server' | 'project'

/** The place without search and filters. */
export const noFilters: Partial<Place> = { q: '', zone: [], status: [], tag: [], server: [], project: [] }

export function Filters({ ips, nameOf, children }: { readonly ips: readonly FlexibleIP[]; readonly nameOf: NameOf; readonly children?: ReactNode }) {
  const [place, go] = usePlace()
  const { search, chips } = useFilterKeys()
  const isOnline = useOnline()
  const choices = useMemo(() => choicesOf(ips, nameOf, place), [ips, nameOf, place.status, place.tag, place.server, place.project])
  const columns = sortable.filter((name) => name !== 'address').map((value) => ({ value, text: strings.columns[value] }))
  return (
    <div className="filters" role="search" aria-label={strings.filters.label}>
      <label className="search">
        <span className="hidden">{strings.filters.search}</span>
        <Icon name="search" />
        <input
          className="input"
          ref={search}
          type="search"
          autoComplete="off"
          spellCheck={false}
          placeholder={strings.filters.search}
          value={place.q}
          onChange={({ target }) => go({ q: target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') go({ q: '' })
            if (event.key !== 'ArrowDown' && (event.key !== 'Enter' || event.nativeEvent.isComposing)) return
            event.preventDefault()
            focusMain()
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <span className="chips" ref={chips}>
      {(Object.keys(choices) as FilterName[]).map((name) =>
        choices[name].length > 1 || place[name].length > 0 ? (
          <FilterChip key={name} name={strings.filters[name]} choices={choices[name]} chosen={place[name]} choose={(values) => go({ [name]: values })} />
        ) : null,
      )}
      </span>
      <span className="room" />
      <span className="wide">
        <FilterChip
          name={strings.filters.columns}
          label={strings.filters.shown}
          choices={columns}
          chosen={columns.map(({ value }) => value).filter((value) => !place.hide.includes(value))}
          choose={(values) => go({ hide: columns.map(({ value }) => value).filter((value) => !values.includes(value)) })}
        />
      </span>
      {children}
      <button className="button create-button" type="button" disabled={!isOnline} onClick={() => go({ dialog: 'create' })}>
        <Icon name="plus" />
        <span className="label">{strings.forms.create}</span>
      </button>
    </div>
  )
}

/** `/` goes to the search, and `F` from filter to filter. */
export function useFilterKeys() {
  const search = useRef<HTMLInputElement>(null)
  const chips = useRef<HTMLSpanElement>(null)
  useKeys(
    useCallback((event) => {
      const key = commandKey(event)
      if (key === '/') {
        search.current?.focus()
        search.current?.select()
        return true
      }
      if (key !== 'F') return false
      const buttons = [...(chips.current?.querySelectorAll<HTMLButtonElement>('[aria-haspopup]') ?? [])]
      const next = buttons[(buttons.findIndex((each) => each === document.activeElement) + 1) % buttons.length]
      next?.focus()
      return next !== undefined
    }, []),
  )
  return { search, chips }
}

/** The values of each filter that the fleet has, and those that are chosen although it has them no more. */
export function choicesOf(ips: readonly FlexibleIP[], nameOf: NameOf, chosen: Pick<Place, 'status' | 'tag' | 'server' | 'project'>): Readonly<Record<FilterName, readonly Choice[]>> {
  const distinct = (values: Iterable<string>, text: (value: string) => string = (value) => value) =>
    [...new Set(values)].map((value) => ({ value, text: text(value) })).sort((a, b) => a.text.localeCompare(b.text))
  return {
    zone: zones.map((value) => ({ value, text: value })),
    status: distinct([...ips.map(({ status }) => status), ...chosen.status]),
    tag: distinct([...ips.flatMap(({ tags }) => tags), ...chosen.tag]),
    server: distinct([...ips.flatMap(({ serverId }) => (serverId === undefined ? [] : [serverId])), ...chosen.server], nameOf),
    project: distinct([...ips.map(({ projectId }) => projectId), ...chosen.project]),
  }
}

export type { FilterName }

interface ChipProps {
  readonly name: string
  /** The title of the menu of a chip that is not a filter. */
  readonly label?: string
  readonly choices: readonly Choice[]
  readonly chosen: readonly string[]
  readonly choose: (values: string[]) => void
}

export function FilterChip({ name, label, choices, chosen, choose }: ChipProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const isFilter = label === undefined
  const isSet = isFilter && chosen.length > 0
  const text = chosen.length === 1 ? (choices.find(({ value }) => value === chosen[0])?.text ?? chosen[0]) : strings.filters.several(chosen.length)
  return (
    <span className={`chip ${isSet ? '' : isFilter ? 'open' : 'plain'}`}>
      <button ref={button} type="button" aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isFilter ? !isSet && <Icon name="plus" /> : <Icon name="columns" />}
        {name}
        {isSet && <b>{foreign(text ?? '')}</b>}
      </button>
      {isSet && (
        <button type="button" onClick={() => choose([])} aria-label={strings.filters.clear(name)}>
          <Icon name="close" />
        </button>
      )}
      {isOpen && (
        <Suspense fallback={null}>
          <FilterMenu trigger={button} label={label ?? name} choices={choices} chosen={chosen} choose={choose} close={() => setOpen(false)} />
        </Suspense>
      )}
    </span>
  )
}
