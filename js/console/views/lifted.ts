// What becomes of a unit that was lifted: where the focus goes afterwards, and what happens when others change it meanwhile.
import type { FlexibleIP } from 'flexip/slim'
import type { NameOf } from '../data/search.js'
import { strings } from '../strings.js'
import { type Unit, noServer } from './servers-units.js'

/** Where a unit was when it was lifted. */
export interface Home {
  readonly ids: readonly string[]
  readonly serverId: string
  readonly zone: string
  /** Its place among the units of its card. */
  readonly at: number
}

const unitsIn = (part: ParentNode): HTMLElement[] => [...part.querySelectorAll<HTMLElement>('.unit')]
const isOneOf = (ids: readonly string[], unit: HTMLElement): boolean => ids.includes(unit.dataset.key ?? '')
const cardOf = ({ serverId, zone }: { readonly serverId: string; readonly zone: string }): Element | null => document.querySelector(`.card[data-server="${CSS.escape(serverId)}"][data-zone="${CSS.escape(zone)}"]`)

export function homeOf({ ips }: Unit): Home {
  const ids = ips.map(({ id }) => id)
  const home = { ids, serverId: ips[0]?.serverId ?? noServer, zone: ips[0]?.zone ?? '', at: 0 }
  const card = cardOf(home)
  return { ...home, at: card ? Math.max(0, unitsIn(card).findIndex((unit) => isOneOf(ids, unit))) : 0 }
}

/** Gives the focus to what was lifted, wherever it is by now; else to what has its place, or to the list where it was. */
export function focusLifted(home: Home): boolean {
  const card = cardOf(home)
  const left = card ? unitsIn(card) : []
  const next = unitsIn(document).find((unit) => isOneOf(home.ids, unit)) ?? left[home.at] ?? left.at(-1) ?? card?.querySelector<HTMLElement>('.units[role="grid"]')
  next?.focus()
  return next?.contains(document.activeElement) === true
}

/** What others did to a unit since it was lifted. A text for each flexible IP that is elsewhere, in another MAC group, or gone. */
export function changesOf({ ips: lifted }: Unit, fleet: readonly FlexibleIP[], nameOf: NameOf): string[] {
  const texts = strings.acts.overtaken
  const now = new Map(fleet.map((ip) => [ip.id, ip]))
  return lifted.flatMap((was) => {
    const is = now.get(was.id)
    if (!is) return [texts.gone(was.ipAddress)]
    if (is.serverId !== was.serverId) return [texts.place(is.ipAddress, is.serverId === undefined ? undefined : nameOf(is.serverId))]
    return is.macAddress?.id === was.macAddress?.id ? [] : [texts.mac(is.ipAddress)]
  })
}

/** Ends a drag by keyboard. React Aria does so at Esc alone, and would hold all keys and presses if what is dragged left the page. */
export function endKeyboardDrag(): void {
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: false, cancelable: true }))
}
