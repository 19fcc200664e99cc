// What is below /_emulator/: the emulator's own methods, over HTTP.
import type { FaultRule, FlexibleIpEmulator, Timing } from '../emulator.js'
import type { FlexibleIPStatus } from '../../build/client/flexip.js'
import { ConfigurationError } from '../errors/index.js'
import { innardsOf } from '../innards.js'

/** What an answer is made of; a text is sent as it is. */
export interface ControlAnswer {
  status: number
  body?: unknown
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Handler = (emulator: FlexibleIpEmulator, body: string, id: string) => unknown

/** Every path below /_emulator/, and what its methods do. `/servers/` has an id after it. */
const routes: Record<string, Partial<Record<Method, Handler>>> = {
  reset: { POST: (emulator) => emulator.reset() },
  clock: {
    GET: clock,
    POST: (emulator, body) => {
      emulator.advance(number(fields(body, 'advanceMs').advanceMs, 'advanceMs'))
      return clock(emulator)
    },
  },
  faults: {
    POST: (emulator, body) => emulator.addFault(json(body) as FaultRule),
    DELETE: (emulator) => emulator.clearFaults(),
  },
  timing: { PUT: (emulator, body) => emulator.setTiming(json(body) as Timing) },
  servers: {
    GET: (emulator) => emulator.servers,
    POST: (emulator, body) => {
      const { zone, name } = fields(body, 'zone', 'name')
      return emulator.addServer({ zone: text(zone, 'zone'), ...(name !== undefined && { name: text(name, 'name') }) })
    },
  },
  'servers/': { DELETE: (emulator, _, id) => found(emulator.removeServer(id), 'server', id) },
  status: {
    PUT: (emulator, body) => {
      const { fipId, status } = fields(body, 'fipId', 'status')
      const id = text(fipId, 'fipId')
      found(emulator.forceStatus(id, text(status, 'status') as FlexibleIPStatus), 'flexible_ip', id)
    },
  },
  journal: { GET: (emulator) => emulator.journal, DELETE: (emulator) => emulator.clearJournal() },
  snapshot: { GET: (emulator) => emulator.snapshot(), PUT: (emulator, body) => emulator.restore(body) },
}

/** Does what a request below /_emulator/ asks for. `path` is without that prefix. */
export function control(emulator: FlexibleIpEmulator, method: string, path: string, body: string): ControlAnswer {
  const [, name = '', id = ''] = /^(servers\/)?(.*)$/.exec(path) ?? []
  const route = name === '' ? routes[id] : routes[name]
  if (!route || !Object.hasOwn(routes, name || id)) return refusal(404, `there is no /_emulator/${path}; there are ${paths()}`)
  const handler = Object.hasOwn(route, method) ? route[method as Method] : undefined
  if (!handler) return refusal(405, `/_emulator/${path} knows ${Object.keys(route).join(' and ')}, not ${method}`)
  try {
    const result = handler(emulator, body, id)
    return result === undefined ? { status: 204 } : { status: 200, body: result }
  } catch (error) {
    if (error instanceof Missing) return refusal(404, error.message)
    if (error instanceof ConfigurationError) return refusal(400, error.message)
    throw error
  }
}

class Missing extends Error {}

function paths(): string {
  return ['health', ...Object.keys(routes).filter((name) => !name.endsWith('/'))].join(', ')
}

function refusal(status: number, message: string): ControlAnswer {
  return { status, body: { message } }
}

function clock(emulator: FlexibleIpEmulator) {
  const msToNextTransition = emulator.msToNextTransition() ?? null
  return { now: emulator.now.toISOString(), kind: innardsOf(emulator).clock.kind, msToNextTransition }
}

function found(done: boolean, what: string, id: string): void {
  if (!done) throw new Missing(`there is no ${what} ${id}`)
}

function json(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new ConfigurationError(`the body is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function fields(body: string, ...known: string[]): Record<string, unknown> {
  const value = json(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigurationError(`the body is no object with ${known.join(', ')}`)
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new ConfigurationError(`there is no field ${unknown}; there are ${known.join(', ')}`)
  return value as Record<string, unknown>
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new ConfigurationError(`${name} must be a text; found ${JSON.stringify(value) ?? 'nothing'}`)
  return value
}

function number(value: unknown, name: string): number {
  if (typeof value !== 'number') throw new ConfigurationError(`${name} must be a number; found ${JSON.stringify(value) ?? 'nothing'}`)
  return value
}
