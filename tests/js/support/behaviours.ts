// Checks the behaviours of tests/behaviours/ (see the README there) through the emulator's `fetch`.
// It does not use Node, so that a page can run it too.
import type { FlexibleIPStatus } from 'flexip'
import type { EmulatorOptions, FaultRule, FlexibleIpEmulator } from 'flexip/emulator'

type Value = null | boolean | number | string | Value[] | { [field: string]: Value }
type Fields = { [field: string]: Value }

export interface Behaviour {
  name: string
  settings?: Fields
  steps: Fields[]
}

/** The part of an emulator that a behaviour uses. The methods of an emulator in another process return promises. */
export type TestedEmulator = Pick<FlexibleIpEmulator, 'secretKey' | 'projectId' | 'organizationId' | 'fetch'> & {
  addServer(server: { zone: string }): { id: string } | Promise<{ id: string }>
  removeServer(id: string): boolean | Promise<boolean>
  advance(ms: number): void | Promise<void>
  addFault(rule: FaultRule): unknown
  forceStatus(id: string, status: FlexibleIPStatus): boolean | Promise<boolean>
  snapshot(): string | Promise<string>
  restore(snapshot: string): void | Promise<void>
  /** Resolves when the emulator has received the requests so far. Absent for an emulator in the same process. */
  settled?(): Promise<void>
}

type EmulatorClass = new (options: EmulatorOptions) => FlexibleIpEmulator

const isFields = (value: Value | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const fields = (value: Value | undefined): Fields => (isFields(value) ? value : {})
const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '')

/** Waits until all promises that depend on no timer have settled. */
async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

/** Checks a behaviour on a new emulator. Rejects with the step that failed, and the reason. */
export async function checkBehaviour(Emulator: EmulatorClass, behaviour: Behaviour): Promise<void> {
  await checkBehaviourOn(new Emulator(optionsOf(behaviour)), behaviour)
}

/** Returns the options of the emulator for a behaviour. */
export function optionsOf({ settings }: Behaviour): EmulatorOptions {
  return { ...settings, clock: 'manual', startsAt: new Date('2026-11-24T00:00:00Z') } as EmulatorOptions
}

/** Checks a behaviour on an emulator, which may be in another process. */
export async function checkBehaviourOn(emulator: TestedEmulator, { steps }: Behaviour): Promise<void> {
  const run = new Run(emulator)
  for (const [index, step] of steps.entries()) {
    await run.step(step).catch((error: unknown) => {
      throw new Error(`step ${index + 1}, ${JSON.stringify(step)}: ${error instanceof Error ? error.message : String(error)}`)
    })
  }
}

class Run {
  readonly #emulator: TestedEmulator
  readonly #saved: Map<string, string>
  readonly #snapshots = new Map<string, string>()

  constructor(emulator: TestedEmulator) {
    this.#emulator = emulator
    this.#saved = new Map([
      ['project', emulator.projectId],
      ['organization', emulator.organizationId],
      ['secret', emulator.secretKey],
    ])
  }

  async step(step: Fields): Promise<void> {
    const { send, addServer, removeServer, advance, fault, forceStatus, snapshot, restore } = this.#fill(step) as Fields
    if (send !== undefined) return this.#send(text(send), step)
    if (addServer !== undefined) this.#saved.set(text(step.save), (await this.#emulator.addServer({ zone: text(addServer) })).id)
    else if (removeServer !== undefined) expectSame('removeServer', true, await this.#emulator.removeServer(text(removeServer)))
    else if (advance !== undefined) await this.#emulator.advance(Number(advance))
    else if (fault !== undefined) await this.#emulator.addFault(fault as unknown as FaultRule)
    else if (forceStatus !== undefined) await this.#forceStatus(forceStatus as [string, FlexibleIPStatus])
    else if (snapshot !== undefined) this.#snapshots.set(text(snapshot), await this.#emulator.snapshot())
    else if (restore !== undefined) await this.#emulator.restore(this.#snapshots.get(text(restore)) ?? '')
    else throw new Error('the step is unknown')
  }

  async #forceStatus([id, status]: [string, FlexibleIPStatus]): Promise<void> {
    if (!(await this.#emulator.forceStatus(id, status))) throw new Error(`there is no flexible IP ${id}`)
  }

  async #send(line: string, step: Fields): Promise<void> {
    const [method = '', path = ''] = line.split(/ (.*)/)
    const url = path.startsWith('/fips') ? `/flexible-ip/v1alpha1/zones/${text(step.zone) || 'fr-par-1'}${path}` : path
    // No `fetch` can send this path: a URL resolves `%2e%2e` as `..`.
    if (/%2e%2e/i.test(url)) return
    // Nor can an emulator in this process be sent a body with GET.
    if (method === 'GET' && step.text !== undefined && !this.#emulator.settled) return
    const body = step.text !== undefined ? text(step.text) : step.body === undefined ? undefined : JSON.stringify(this.#fill(step.body))
    const delayMs = Number(step.delayMs ?? 0)
    const sent = this.#emulator.fetch(url, { method, headers: this.#headers(step), ...(body !== undefined && { body }) })
    let arrived = false
    const pending = sent.finally(() => (arrived = true))
    pending.catch(() => undefined)
    if (delayMs > 0) {
      await (this.#emulator.settled?.() ?? settlePromises())
      await this.#emulator.advance(delayMs - 1)
      await (this.#emulator.settled?.() ?? settlePromises())
      expectSame('arrived before its delay', false, arrived)
      await this.#emulator.advance(1)
    }
    if (step.delivery === 'dropped' || step.delivery === 'reset') {
      const thrown: unknown = await pending.then(() => undefined, (error: unknown) => error)
      return expectSame('broken', true, thrown instanceof TypeError)
    }
    await this.#check(await pending, step)
  }

  async #check(response: Response, step: Fields): Promise<void> {
    expectSame('status', step.status, response.status)
    const { text: received, isCut } = await readBody(response)
    expectSame('cut', step.delivery === 'cut', isCut)
    if (step.expectText !== undefined) expectSame('body', this.#fill(step.expectText), received)
    for (const [name, expected] of Object.entries(fields(step.expectHeaders))) {
      expectMatch(name, expected, response.headers.get(name) ?? undefined)
    }
    let body: Value = null
    try {
      body = JSON.parse(received) as Value
    } catch {
      // The body is not JSON.
    }
    if (step.expect !== undefined) expectMatch('response', this.#fill(step.expect), body)
    for (const [name, path] of Object.entries(fields(step.save))) {
      const value = text(path).split('.').reduce<Value | undefined>((at, key) => (Array.isArray(at) ? at[Number(key)] : fields(at)[key]), body)
      if (typeof value !== 'string') throw new Error(`no ${text(path)} in ${received}`)
      this.#saved.set(name, value)
    }
  }

  #headers(step: Fields): Record<string, string> {
    const own = fields(this.#fill(step.headers ?? {}))
    const hasToken = Object.keys(own).some((name) => name.toLowerCase() === 'x-auth-token')
    const sent = Object.entries(own).filter((header): header is [string, string] => typeof header[1] === 'string')
    return { ...(!hasToken && { 'X-Auth-Token': this.#emulator.secretKey }), ...Object.fromEntries(sent) }
  }

  /** Replaces each `$name` in a value by the value saved under that name. */
  #fill(value: Value): Value {
    if (typeof value === 'string') {
      const longestFirst = [...this.#saved].sort(([one], [other]) => other.length - one.length)
      return longestFirst.reduce((filled, [name, saved]) => filled.replaceAll(`$${name}`, saved), value)
    }
    if (Array.isArray(value)) return value.map((item) => this.#fill(item))
    if (isFields(value)) return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, this.#fill(field)]))
    return value
  }
}

/** Reads a body, to the point where it breaks off if it does. */
async function readBody(response: Response): Promise<{ text: string; isCut: boolean }> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) text += part.value
    return { text, isCut: false }
  } catch {
    return { text, isCut: true }
  }
}

function expectSame(what: string, expected: Value | undefined, found: Value | undefined): void {
  if (JSON.stringify(expected) !== JSON.stringify(found)) throw new Error(`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`)
}

/** Throws unless a value matches. Objects may have fields that `expected` does not name. */
function expectMatch(what: string, expected: Value, found: Value | undefined): void {
  if (typeof expected === 'string' && expected.startsWith('<')) {
    if (!fitsPattern(expected.slice(1, -1), found)) throw new Error(`${what} is ${JSON.stringify(found)}, not ${expected}`)
  } else if (isFields(expected) && isFields(found)) {
    for (const [name, field] of Object.entries(expected)) expectMatch(name, field, found[name])
  } else if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    expected.forEach((item, index) => expectMatch(what, item, found[index]))
  } else {
    expectSame(what, expected, found ?? null)
  }
}

function fitsPattern(pattern: string, found: Value | undefined): boolean {
  const [name = '', rest = ''] = pattern.split(/ (.*)/)
  const isDate = (digits: number) => new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{${digits}}Z$`).test(text(found))
  switch (name) {
    case 'absent':
      return found === undefined
    case 'any':
      return found !== undefined && found !== null
    case 'uuid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text(found))
    case 'micros':
      return isDate(6)
    case 'nanos':
      return isDate(9)
    case 'begins':
      return text(found).startsWith(rest) && typeof found === 'string'
    case 'not':
      return typeof found === 'string' && found !== rest
    case 'rounded':
      return found === roundToMicros(rest)
    default:
      throw new Error(`the pattern <${pattern}> is unknown`)
  }
}

/** Rounds the fraction of a date from nine digits to six, half up. It must not carry into the seconds. */
function roundToMicros(date: string): string {
  const [seconds = '', fraction = ''] = date.replace('Z', '').split('.')
  return `${seconds}.${String(Math.floor((Number(fraction) + 500) / 1000)).padStart(6, '0')}Z`
}
