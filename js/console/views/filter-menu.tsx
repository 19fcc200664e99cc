// The menu of a filter: check boxes, with a search when there are many.
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { Checkbox, CheckboxGroup, Dialog, Input, Popover, SearchField } from 'react-aria-components'
import { foreign } from '../shell/foreign.js'
import { Icon } from '../shell/icons.js'
import { strings } from '../strings.js'
import type { Choice } from './choice.js'

const searchFrom = 10
const drawnMax = 200

interface Props {
  readonly trigger: RefObject<HTMLButtonElement | null>
  readonly label: string
  readonly choices: readonly Choice[]
  readonly chosen: readonly string[]
  readonly choose: (values: string[]) => void
  readonly close: () => void
}

/** Arrows go from the search to the choices and from choice to choice; Enter chooses, as Space does. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  const { key, target, currentTarget } = event
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(target instanceof HTMLInputElement)) return
  if (key === 'Enter' && target.type === 'checkbox') target.click()
  else if (key === 'ArrowDown' || key === 'ArrowUp') {
    const all = [...currentTarget.querySelectorAll('input')]
    all[Math.max(0, all.indexOf(target) + (key === 'ArrowDown' ? 1 : -1))]?.focus()
  } else return
  event.preventDefault()
}

export default function FilterMenu({ trigger, label, choices, chosen, choose, close }: Props) {
  const [text, setText] = useState('')
  const hasSearch = choices.length > searchFrom
  const fitting = choices.filter((choice) => choice.text.toLowerCase().includes(text.toLowerCase())).slice(0, drawnMax)
  return (
    <Popover className="popover" triggerRef={trigger} isOpen placement="bottom start" onOpenChange={(isOpen) => !isOpen && close()}>
      <Dialog aria-label={label}>
        <div onKeyDown={onKeyDown}>
        {hasSearch && (
          <SearchField aria-label={strings.filters.find} value={text} onChange={setText} autoFocus>
            <Input className="input" placeholder={strings.filters.find} />
          </SearchField>
        )}
        <CheckboxGroup className="options" aria-label={label} value={[...chosen]} onChange={choose}>
          {fitting.map((choice, index) => (
            <Checkbox className="option" key={choice.value} value={choice.value} autoFocus={index === 0 && !hasSearch}>
              <span className="box">
                <Icon name="check" />
              </span>
              {foreign(choice.text)}
            </Checkbox>
          ))}
        </CheckboxGroup>
        </div>
      </Dialog>
    </Popover>
  )
}
