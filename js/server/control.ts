// The paths below /_emulator/: the methods of the emulator, over HTTP.
import type { FaultRule, FlexibleIpEmulator, Timing } from '../emulator.js'
import type { FlexibleIPStatus } from '../../build/client/flexip.js'
import { hostOf } from '../emulator/internals.js'
import { ConfigurationError } from '../errors/index.js'
import { StateError } from './store/error.js'

/** A response to a control request. A string as its body is JSON already. */
export interface ControlResponse {
  status: number
  body?: unknown
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Handler = (emulator: FlexibleIpEmulator, body: string, id: string) => unknown

/** Every path below /_emulator/ with the handlers of its methods. An id follows `servers/` and `faults/`. */
const routes: Record<string, Partial<Record<Method, Handler>>> = {
  reset: { POST: (emulator) => emulator.reset() },
  clock: {
    GET: readClock,
    POST: (emulator, body) => {
      emulator.advance(asNumber(parseFields(body, 'advanceMs').advanceMs, 'advanceMs'))
      return readClock(emulator)
    },
  },
  faults: {
    GET: (emulator) => emulator.faults,
    POST: (emulator, body) => ({ id: emulator.addFault(parseJson(body) as FaultRule) }),
    DELETE: (emulator) => emulator.clearFaults(),
  },
  'faults/': { DELETE: (emulator, _, id) => expectFound(emulator.removeFault(/^\d+$/.test(id) ? Number(id) : 0), 'fault rule', id) },
  timing: { PUT: (emulator, body) => emulator.setTiming(parseJson(body) as Timing) },
  servers: {
    GET: (emulator) => emulator.servers,
    POST: (emulator, body) => {
      const { zone, name } = parseFields(body, 'zone', 'name')
      return emulator.addServer({ zone: asString(zone, 'zone'), ...(name !== undefined && { name: asString(name, 'name') }) })
    },
  },
  'servers/': { DELETE: (emulator, _, id) => expectFound(emulator.removeServer(id), 'server', id) },
  status: {
    PUT: (emulator, body) => {
      const { fipId, status } = parseFields(body, 'fipId', 'status')
      const id = asString(fipId, 'fipId')
      expectFound(emulator.forceStatus(id, asString(status, 'status') as FlexibleIPStatus), 'flexible_ip', id)
    },
  },
  journal: { GET: (emulator) => emulator.journal, DELETE: (emulator) => emulator.clearJournal() },
  snapshot: { GET: (emulator) => emulator.snapshot(), PUT: (emulator, body) => emulator.restore(body) },
}

/** Carries out a control request. `path` is the path after /_emulator/. */
export function control(emulator: FlexibleIpEmulator, method: string, path: string, body: string): ControlResponse {
  const [, name = '', id = ''] = /^((?:servers|faults)\/)?(.*)$/.exec(path) ?? []
  const route = name === '' ? routes[id] : routes[name]
  if (!route || !Object.hasOwn(routes, name || id)) return refuse(404, `there is no /_emulator/${path}; there are ${listPaths()}`)
  const handler = Object.hasOwn(route, method) ? route[method as Method] : undefined
  if (!handler) return refuse(405, `/_emulator/${path} allows ${Object.keys(route).join(' and ')}, not ${method}`)
  try {
    const result = handler(emulator, body, id)
    return result === undefined ? { status: 204 } : { status: 200, body: result }
  } catch (error) {
    if (error instanceof NotFound) return refuse(404, error.message)
    // A state that cannot be saved is not the fault of the request.
    if (error instanceof ConfigurationError && !(error instanceof StateError)) return refuse(400, error.message)
    throw error
  }
}

class NotFound extends Error {}

function listPaths(): string {
  return ['health', ...Object.keys(routes).filter((name) => !name.endsWith('/'))].join(', ')
}

function refuse(status: number, message: string): ControlResponse {
  return { status, body: { message } }
}

function readClock(emulator: FlexibleIpEmulator) {
  const msToNextTransition = emulator.msToNextTransition() ?? null
  return { now: emulator.now.toISOString(), kind: hostOf(emulator).clock.kind, msToNextTransition }
}

function expectFound(isFound: boolean, resource: string, id: string): void {
  if (!isFound) throw new NotFound(`there is no ${resource} ${id}`)
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new ConfigurationError(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function parseFields(body: string, ...known: string[]): Record<string, unknown> {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigurationError(`the body is not an object with ${known.join(', ')}`)
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new ConfigurationError(`there is no field ${unknown}; there are ${known.join(', ')}`)
  return value as Record<string, unknown>
}

function asString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new ConfigurationError(`${name} must be a string; found ${JSON.stringify(value) ?? 'nothing'}`)
  return value
}

function asNumber(value: unknown, name: string): number {
  if (typeof value !== 'number') throw new ConfigurationError(`${name} must be a number; found ${JSON.stringify(value) ?? 'nothing'}`)
  return value
}
