// The menu of a filter: check boxes, with a search when there are many.
import { type RefObject, useState } from 'react'
import { Checkbox, CheckboxGroup, Dialog, Input, Popover, SearchField } from 'react-aria-components'
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

export default function FilterMenu({ trigger, label, choices, chosen, choose, close }: Props) {
  const [text, setText] = useState('')
  const fitting = choices.filter((choice) => choice.text.toLowerCase().includes(text.toLowerCase())).slice(0, drawnMax)
  return (
    <Popover className="popover" triggerRef={trigger} isOpen placement="bottom start" onOpenChange={(isOpen) => !isOpen && close()}>
      <Dialog aria-label={label}>
        {choices.length > searchFrom && (
          <SearchField aria-label={strings.filters.find} value={text} onChange={setText} autoFocus>
            <Input className="input" placeholder={strings.filters.find} />
          </SearchField>
        )}
        <CheckboxGroup className="options" aria-label={label} value={[...chosen]} onChange={choose}>
          {fitting.map((choice) => (
            <Checkbox className="option" key={choice.value} value={choice.value}>
              <span className="box">
                <Icon name="check" />
              </span>
              {choice.text}
            </Checkbox>
          ))}
        </CheckboxGroup>
      </Dialog>
    </Popover>
  )
}
