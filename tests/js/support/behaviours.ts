import type { FlexibleIPStatus } from 'flexip'
// Runs the behaviours of tests/behaviours/ (see the README there) through the emulator's `fetch`.
// It needs no Node, so that a page can run it too.
import type { EmulatorOptions, FaultRule, FlexibleIpEmulator } from 'flexip/emulator'

type Value = null | boolean | number | string | Value[] | { [field: string]: Value }
type Fields = { [field: string]: Value }

export interface Behaviour {
  name: string
  settings?: Fields
  steps: Fields[]
}

/** What a behaviour needs of an emulator; where it is elsewhere, each takes its time. */
export type Emulated = Pick<FlexibleIpEmulator, 'secretKey' | 'projectId' | 'organizationId' | 'fetch'> & {
  addServer(server: { zone: string }): { id: string } | Promise<{ id: string }>
  removeServer(id: string): boolean | Promise<boolean>
  advance(ms: number): void | Promise<void>
  addFault(rule: FaultRule): void | Promise<void>
  forceStatus(id: string, status: FlexibleIPStatus): boolean | Promise<boolean>
  snapshot(): string | Promise<string>
  restore(snapshot: string): void | Promise<void>
  /** Resolves when the requests so far are under way; where that is no matter of promises alone. */
  settled?(): Promise<void>
}

type EmulatorClass = new (options: EmulatorOptions) => FlexibleIpEmulator

const isFields = (value: Value | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const fields = (value: Value | undefined): Fields => (isFields(value) ? value : {})
const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '')

/** Lets everything happen that waits for no clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

/** Shows a behaviour, or throws an error that says which step failed and how. */
export async function show(Emulator: EmulatorClass, behaviour: Behaviour): Promise<void> {
  await showOn(new Emulator(optionsOf(behaviour)), behaviour)
}

/** What an emulator has to be made with for a behaviour. */
export function optionsOf({ settings }: Behaviour): EmulatorOptions {
  return { ...settings, clock: 'manual', startsAt: new Date('2026-11-24T00:00:00Z') } as EmulatorOptions
}

/** The same, on an emulator that may be elsewhere. */
export async function showOn(emulator: Emulated, { steps }: Behaviour): Promise<void> {
  const run = new Run(emulator)
  for (const [place, step] of steps.entries()) {
    await run.step(step).catch((why: unknown) => {
      throw new Error(`step ${place + 1}, ${JSON.stringify(step)}: ${why instanceof Error ? why.message : String(why)}`)
    })
  }
}

class Run {
  readonly #emulator: Emulated
  readonly #saved: Map<string, string>
  readonly #snapshots = new Map<string, string>()

  constructor(emulator: Emulated) {
    this.#emulator = emulator
    this.#saved = new Map([
      ['project', emulator.projectId],
      ['organization', emulator.organizationId],
      ['secret', emulator.secretKey],
    ])
  }

  async step(step: Fields): Promise<void> {
    const { send, addServer, removeServer, advance, fault, forceStatus, snapshot, restore } = this.#filled(step) as Fields
    if (send !== undefined) return this.#send(text(send), step)
    if (addServer !== undefined) this.#saved.set(text(step.save), (await this.#emulator.addServer({ zone: text(addServer) })).id)
    else if (removeServer !== undefined) same('removeServer', true, await this.#emulator.removeServer(text(removeServer)))
    else if (advance !== undefined) await this.#emulator.advance(Number(advance))
    else if (fault !== undefined) await this.#emulator.addFault(fault as unknown as FaultRule)
    else if (forceStatus !== undefined) await this.#force(forceStatus as [string, FlexibleIPStatus])
    else if (snapshot !== undefined) this.#snapshots.set(text(snapshot), await this.#emulator.snapshot())
    else if (restore !== undefined) await this.#emulator.restore(this.#snapshots.get(text(restore)) ?? '')
    else throw new Error('there is no such step')
  }

  async #force([id, status]: [string, FlexibleIPStatus]): Promise<void> {
    if (!(await this.#emulator.forceStatus(id, status))) throw new Error(`there is no flexible IP ${id}`)
  }

  async #send(line: string, step: Fields): Promise<void> {
    const [method = '', path = ''] = line.split(/ (.*)/)
    const url = path.startsWith('/fips') ? `/flexible-ip/v1alpha1/zones/${text(step.zone) || 'fr-par-1'}${path}` : path
    // A URL has no such path: to every `fetch`, `%2e%2e` is the way up.
    if (/%2e%2e/i.test(url)) return
    const body = step.text !== undefined ? text(step.text) : step.body === undefined ? undefined : JSON.stringify(this.#filled(step.body))
    const delayMs = Number(step.delayMs ?? 0)
    const sent = this.#emulator.fetch(url, { method, headers: this.#headers(step), ...(body !== undefined && { body }) })
    let arrived = false
    const answer = sent.finally(() => (arrived = true))
    answer.catch(() => undefined)
    if (delayMs > 0) {
      await (this.#emulator.settled?.() ?? settle())
      await this.#emulator.advance(delayMs - 1)
      await (this.#emulator.settled?.() ?? settle())
      same('arrived before its delay', false, arrived)
      await this.#emulator.advance(1)
    }
    if (step.ending === 'dropped' || step.ending === 'reset') {
      const thrown: unknown = await answer.then(() => undefined, (error: unknown) => error)
      return same('broken', true, thrown instanceof TypeError)
    }
    await this.#check(await answer, step)
  }

  async #check(response: Response, step: Fields): Promise<void> {
    same('status', step.status, response.status)
    const { read, cut } = await bodyOf(response)
    same('cut', step.ending === 'cut', cut)
    if (step.expectText !== undefined) same('body', this.#filled(step.expectText), read)
    for (const [name, expected] of Object.entries(fields(step.expectHeaders))) {
      matches(name, expected, response.headers.get(name) ?? undefined)
    }
    let body: Value = null
    try {
      body = JSON.parse(read) as Value
    } catch {
      // Not every answer is JSON.
    }
    if (step.expect !== undefined) matches('answer', this.#filled(step.expect), body)
    for (const [name, path] of Object.entries(fields(step.save))) {
      const value = text(path).split('.').reduce<Value | undefined>((at, key) => (Array.isArray(at) ? at[Number(key)] : fields(at)[key]), body)
      if (typeof value !== 'string') throw new Error(`no ${text(path)} in ${read}`)
      this.#saved.set(name, value)
    }
  }

  #headers(step: Fields): Record<string, string> {
    const own = fields(this.#filled(step.headers ?? {}))
    const hasToken = Object.keys(own).some((name) => name.toLowerCase() === 'x-auth-token')
    const given = Object.entries(own).filter((header): header is [string, string] => typeof header[1] === 'string')
    return { ...(!hasToken && { 'X-Auth-Token': this.#emulator.secretKey }), ...Object.fromEntries(given) }
  }

  /** A value with what was saved in the place of each `$name`. */
  #filled(value: Value): Value {
    if (typeof value === 'string') {
      const longestFirst = [...this.#saved].sort(([one], [other]) => other.length - one.length)
      return longestFirst.reduce((filled, [name, saved]) => filled.replaceAll(`$${name}`, saved), value)
    }
    if (Array.isArray(value)) return value.map((item) => this.#filled(item))
    if (isFields(value)) return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, this.#filled(field)]))
    return value
  }
}

/** A body as far as it came, and whether it broke off. */
async function bodyOf(response: Response): Promise<{ read: string; cut: boolean }> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let read = ''
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) read += part.value
    return { read, cut: false }
  } catch {
    return { read, cut: true }
  }
}

function same(what: string, expected: Value | undefined, found: Value | undefined): void {
  if (JSON.stringify(expected) !== JSON.stringify(found)) throw new Error(`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`)
}

/** Whether a value is as expected; objects have other fields besides. */
function matches(what: string, expected: Value, found: Value | undefined): void {
  if (typeof expected === 'string' && expected.startsWith('<')) {
    if (!fits(expected.slice(1, -1), found)) throw new Error(`${what} is ${JSON.stringify(found)}, not ${expected}`)
  } else if (isFields(expected) && isFields(found)) {
    for (const [name, field] of Object.entries(expected)) matches(name, field, found[name])
  } else if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    expected.forEach((item, place) => matches(what, item, found[place]))
  } else {
    same(what, expected, found ?? null)
  }
}

function fits(pattern: string, found: Value | undefined): boolean {
  const [word = '', rest = ''] = pattern.split(/ (.*)/)
  const date = (digits: number) => new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{${digits}}Z$`).test(text(found))
  switch (word) {
    case 'absent':
      return found === undefined
    case 'any':
      return found !== undefined && found !== null
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text(found))
    case 'micros':
      return date(6)
    case 'nanos':
      return date(9)
    case 'begins':
      return text(found).startsWith(rest) && typeof found === 'string'
    case 'not':
      return typeof found === 'string' && found !== rest
    case 'rounded':
      return found === rounded(rest)
    default:
      throw new Error(`there is no pattern <${pattern}>`)
  }
}

/** A date with nine digits, rounded half up to six. The dates of these runs never carry a second. */
function rounded(date: string): string {
  const [seconds = '', fraction = ''] = date.replace('Z', '').split('.')
  return `${seconds}.${String(Math.floor((Number(fraction) + 500) / 1000)).padStart(6, '0')}Z`
}
