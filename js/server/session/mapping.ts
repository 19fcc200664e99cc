// Compares a recorded response with the emulator's. Ids, addresses and dates differ; each recorded one has to stand for
// the same one of the emulator everywhere.

type Fields = Record<string, unknown>

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
/** The digits after the second of a date in RFC 3339, in UTC; `undefined` if the text is no date that exists. */
export function fractionOf(text: string): string | undefined {
  const [, seconds = '', fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text) ?? []
  const at = Date.parse(`${seconds}Z`)
  // `Date` would take February 30 for March 2.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(seconds) ? fraction : undefined
}

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

export class Mapping {
  readonly #ours: Map<string, string>
  readonly #recorded: Map<string, string>
  /** The reverses that requests of the session set. Other reverses follow from the address or an earlier owner. */
  readonly #reverses: ReadonlySet<string>
  /** The ids of flexible IPs that the session did not create. */
  readonly #earlier: ReadonlySet<string>

  constructor({ reverses, earlier }: { reverses: ReadonlySet<string>; earlier: ReadonlySet<string> }, from?: Mapping) {
    this.#ours = new Map(from ? from.#ours : [])
    this.#recorded = new Map(from ? from.#recorded : [])
    this.#reverses = reverses
    this.#earlier = earlier
  }

  copy(): Mapping {
    return new Mapping({ reverses: this.#reverses, earlier: this.#earlier }, this)
  }

  /** Notes that two values correspond. Returns a difference if one of them corresponds to another value. */
  learn(recorded: string, ours: string, place: string): string | undefined {
    const [known, knownRecorded] = [this.#ours.get(recorded), this.#recorded.get(ours)]
    if (known === undefined && knownRecorded === undefined) {
      this.#ours.set(recorded, ours)
      this.#recorded.set(ours, recorded)
      return undefined
    }
    if (known === ours) return undefined
    return `${place} is ${recorded} in the session; the emulator's is not the one that stood for it before`
  }

  /** Forgets what two created flexible IPs corresponded to: a create may give an address of the pool again. */
  forget(recorded: unknown, ours: unknown): void {
    for (const field of ['id', 'ip_address']) {
      const [one, other] = [recorded, ours].map((ip) => (isFields(ip) ? String(ip[field]) : ''))
      this.#recorded.delete(this.#ours.get(one ?? '') ?? '')
      this.#ours.delete(one ?? '')
      this.#ours.delete(this.#recorded.get(other ?? '') ?? '')
      this.#recorded.delete(other ?? '')
    }
  }

  /** A text of the session with the ids of the emulator. */
  translate(text: string): string {
    return text.replace(uuid, (id) => this.#ours.get(id) ?? id)
  }

  /** The differences between two bodies, each a line. */
  compare(recorded: unknown, ours: unknown, place = ''): string[] {
    const name = place === '' ? 'the body' : place
    if (Array.isArray(recorded) && Array.isArray(ours)) return this.#compareLists(recorded, ours, place)
    if (isFields(recorded) && isFields(ours)) return this.#compareFields(recorded, ours, place)
    if (typeof recorded === 'string' && typeof ours === 'string') return this.#compareTexts(recorded, ours, name)
    return recorded === ours ? [] : [differs(name, recorded, ours)]
  }

  #compareFields(recorded: Fields, ours: Fields, place: string): string[] {
    const path = (name: string): string => (place === '' ? name : `${place}.${name}`)
    const missing = Object.keys(recorded).filter((name) => !Object.hasOwn(ours, name))
    const added = Object.keys(ours).filter((name) => !Object.hasOwn(recorded, name))
    const isList = Array.isArray(recorded.flexible_ips)
    return [
      ...missing.map((name) => `${path(name)} is ${show(recorded[name])} in the session, and absent in the emulator's response`),
      ...added.map((name) => `${path(name)} is absent in the session, and ${show(ours[name])} in the emulator's response`),
      ...Object.keys(recorded).flatMap((name) => {
        if (!Object.hasOwn(ours, name)) return []
        if (isList && name === 'total_count') return this.#compareCounts(recorded, ours)
        if (name === 'reverse' && !this.#isSetReverse(recorded[name]) && !this.#isSetReverse(ours[name])) return []
        return this.compare(recorded[name], ours[name], path(name))
      }),
    ]
  }

  /** The total counts, without the flexible IPs that the session did not create. A page may not show all of these. */
  #compareCounts(recorded: Fields, ours: Fields): string[] {
    const items = recorded.flexible_ips as unknown[]
    const count = Number(recorded.total_count)
    const earlier = items.filter((item) => this.#isEarlier(item)).length
    if (earlier > 0 && items.length < count) return []
    return count - earlier === ours.total_count ? [] : [differs('total_count', count - earlier, ours.total_count)]
  }

  /** Compares objects by their ids, in any order: the order follows from dates that the emulator does not know. */
  #compareLists(recorded: unknown[], ours: unknown[], place: string): string[] {
    const own = recorded.filter((item) => !this.#isEarlier(item))
    if (own.length !== ours.length) return [`${place} has ${own.length} items in the session, and ${ours.length} in the emulator's response`]
    return own.flatMap((item, index) => {
      const id = isFields(item) ? this.#ours.get(String(item.id)) : undefined
      const other = id === undefined ? ours[index] : ours.find((candidate) => isFields(candidate) && candidate.id === id)
      return other === undefined ? [`${place}[${index}] is not in the emulator's response`] : this.compare(item, other, `${place}[${index}]`)
    })
  }

  #compareTexts(recorded: string, ours: string, place: string): string[] {
    const [fraction, ourFraction] = [fractionOf(recorded), fractionOf(ours)]
    if (fraction !== undefined && ourFraction !== undefined) {
      return fraction.length === ourFraction.length ? [] : [`${place} has ${fraction.length} digits after the second in the session, and ${ourFraction.length} in the emulator's response`]
    }
    if ((isUuid(recorded) && isUuid(ours)) || /(?:^|\.)ip_address$|mac_address\.mac_address$/.test(place)) return [this.learn(recorded, ours, place)].filter((line) => line !== undefined)
    return this.translate(recorded) === ours ? [] : [differs(place, recorded, ours)]
  }

  #isEarlier(item: unknown): boolean {
    return isFields(item) && this.#earlier.has(String(item.id))
  }

  #isSetReverse(reverse: unknown): boolean {
    return typeof reverse === 'string' && this.#reverses.has(reverse)
  }
}

function differs(place: string, recorded: unknown, ours: unknown): string {
  return `${place} is ${show(recorded)} in the session, and ${show(ours)} in the emulator's response`
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
