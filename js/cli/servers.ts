// The names of Elastic Metal servers. This API is only read.
import { AlreadyExistsError, type AnyFlexipError, ConflictError, ConnectionError, DecodeError, DeniedAuthenticationError, type Fetch, IncompleteListError, InvalidArgumentsError, OutOfStockError, PermissionsDeniedError, PreconditionFailedError, QuotasExceededError, ResourceExpiredError, ResourceLockedError, ResourceNotFoundError, ServiceUnavailableError, TimeoutError, TooManyRequestsError, TransientStateError, UnexpectedResponseError, isFlexipError } from '../index.js'
import { type ExitCode, exitCodeOfError, exitCodes } from './exit-codes.js'
import { limitOf } from './limit.js'
import { isId, zones } from './parsers.js'
import { Stop, quoted } from './stop.js'

/** A server, as the Elastic Metal API lists it. */
export interface Server {
  id: string
  name: string
  zone: string
}

/** A server that a word named: an id needs no list, and then says no more. */
export type Target = { id: string } & Partial<Pick<Server, 'name' | 'zone'>>

/** A zone whose servers could not be read, and why. */
export interface UnreadZone {
  zone: string
  error: AnyFlexipError
}

/** How to reach the API. */
export interface Access {
  baseUrl: string
  secretKey: string | undefined
  fetch: Fetch
  /** The milliseconds that are left for the command. */
  remaining(): number
  signal: AbortSignal
}

/** The most pages of a list: more servers than an Organization can have. */
const pagesMax = 100
/** How often a list that lacks servers is read. */
const readsMax = 2
const pageSize = 50
/** The longest time for one response, in milliseconds. */
const responseMs = 5000
const nameMs = 1000

/** The servers of the zones. A zone is read once, and again if it could not be read or lacked the server that was asked for. */
export class Servers {
  readonly #access: Access
  readonly #zones: readonly string[]
  readonly #known = new Map<string, Server>()
  /** Those whose names could not be read one by one. */
  readonly #unnamed = new Set<string>()
  readonly #read = new Map<string, readonly Server[]>()
  #reading: Promise<{ servers: Server[]; failures: UnreadZone[] }> | undefined

  constructor(access: Access, zone: string | undefined) {
    this.#access = access
    this.#zones = zone === undefined ? zones : [zone]
  }

  /** The servers of all zones, and the zones that could not be read. */
  all(): Promise<{ servers: Server[]; failures: UnreadZone[] }> {
    // What failed must not be kept: a claim that began while the API was away asks again.
    return (this.#reading ??= this.#readAll().finally(() => (this.#reading = undefined)))
  }

  /** The same, read now: what was read before does not count. */
  allNow(): Promise<{ servers: Server[]; failures: UnreadZone[] }> {
    this.#read.clear()
    return this.all()
  }

  /** The servers that were read so far. A move does not wait for names. */
  get known(): ReadonlyMap<string, Server> {
    return this.#known
  }

  /** The servers by their ids, as far as they can be read: names are a convenience. */
  async byId(): Promise<ReadonlyMap<string, Server>> {
    await this.all()
    return this.#known
  }

  /**
   * The server of a name or an id, with `server:` or `zone/` before it or without. An id needs no list: the zone is
   * then unknown. Throws a `Stop` if there is none, or if there are several.
   */
  async find(word: string): Promise<Target> {
    const text = word.startsWith('server:') ? word.slice('server:'.length) : word
    if (isId(text)) return { id: text.toLowerCase() }
    if (text === '') throw new Stop(exitCodes.arguments, `${quoted(word)} is not a server`, 'Allowed is a name, an id, or zone/name.')
    const { servers, failures } = await this.all()
    const matches = servers.filter(({ name, zone }) => text === name || text === `${zone}/${name}`)
    const [first, ...others] = matches
    if (first && others.length === 0) return first
    if (first) throw new Stop(exitCodes.arguments, `${matches.length} servers have the name ${text}`, `Name one by zone or id: ${matches.map(({ id, name, zone }) => `${zone}/${name} (${id})`).join(', ')}.`)
    if (failures[0]) throw unreadable(failures[0], failures, 'Name the server by its id: then no list of servers is needed.')
    // The next attempt reads again: a list can lack a server for a moment.
    this.#read.clear()
    const names = servers.map(({ name }) => name).slice(0, 10)
    throw new Stop(exitCodes.notFound, `there is no server ${quoted(text)}${this.#zones.length === 1 ? ` in ${this.#zones[0]}` : ''}`, names.length > 0 ? `There are ${names.join(', ')}${servers.length > 10 ? ', …' : ''}.` : 'There is no Elastic Metal server in these zones.')
  }

  /** Reads the name of one server if it is not known, for a second at most: the command is done, and only says it. */
  async readOne(id: string, zone: string): Promise<void> {
    if (this.#known.has(id) || this.#unnamed.has(id)) return
    try {
      const { id: read, name } = (await this.#get(`/baremetal/v1/zones/${zone}/servers/${id}`, nameMs)) as { id?: unknown; name?: unknown }
      if (read === id && typeof name === 'string') this.#known.set(id, { id, name, zone })
    } catch {
      // Without a name, the id is shown.
      this.#unnamed.add(id)
    }
  }

  /** Throws a `Stop` if there is no server of this id, as far as all lists could be read: a word can be an id that was misspelt. */
  async checkId(id: string): Promise<void> {
    const { failures } = await this.all()
    if (failures.length > 0 || this.#known.has(id)) return
    throw new Stop(exitCodes.notFound, `there is no server ${id}${this.#zones.length === 1 ? ` in ${this.#zones[0]}` : ''}`, 'flexip servers lists all that the API key can see.')
  }

  async #readAll() {
    const reads = await Promise.allSettled(this.#zones.map(async (zone) => this.#read.get(zone) ?? (await this.#readZone(zone))))
    const servers: Server[] = []
    const failures: UnreadZone[] = []
    for (const [index, read] of reads.entries()) {
      const zone = this.#zones[index] ?? ''
      if (read.status === 'fulfilled') {
        this.#read.set(zone, read.value)
        servers.push(...read.value)
      } else failures.push({ zone, error: errorOf(read.reason) })
    }
    this.#access.signal.throwIfAborted()
    for (const server of servers) this.#known.set(server.id, server)
    return { servers, failures }
  }

  async #readZone(zone: string): Promise<Server[]> {
    for (let attempt = 1; ; attempt += 1) {
      const { servers, total } = await this.#readPages(zone)
      if (servers.length >= total) return servers
      // A server that is deleted meanwhile moves the others to the page before.
      const context = { attempts: attempt, flexibleIps: [], totalCount: total }
      if (attempt === readsMax) throw new IncompleteListError(`the Elastic Metal API counts ${total} servers, and lists ${servers.length}`, {}, context)
    }
  }

  async #readPages(zone: string): Promise<{ servers: Server[]; total: number }> {
    let total = 0
    const servers = new Map<string, Server>()
    for (let page = 1; page <= pagesMax; page += 1) {
      const body = await this.#get(`/baremetal/v1/zones/${zone}/servers?page=${page}&page_size=${pageSize}`)
      const { servers: listed, total_count: count = 0 } = Object(body) as { servers?: unknown; total_count?: unknown }
      if (!Array.isArray(listed)) throw new DecodeError('the response has no list of servers', {}, { attempts: 1 })
      if (!isWhole(count)) throw new DecodeError('the response has no usable total_count of servers', {}, { attempts: 1 })
      total = count
      const before = servers.size
      for (const item of listed as unknown[]) {
        const { id, name } = (typeof item === 'object' && item !== null ? item : {}) as { id?: unknown; name?: unknown }
        if (typeof id !== 'string' || id === '' || typeof name !== 'string') throw new DecodeError('the response has a server without a usable id and name', {}, { attempts: 1 })
        servers.set(id, { id, name, zone })
      }
      // A page without anything unseen is the last one, whatever the total says.
      if (servers.size === before || servers.size >= total) break
    }
    return { servers: [...servers.values()], total }
  }

  async #get(path: string, limitMs = responseMs): Promise<unknown> {
    const { baseUrl, secretKey, fetch, remaining, signal } = this.#access
    const limit = limitOf(signal, Math.max(1, Math.min(limitMs, Math.ceil(remaining()))))
    const headers = { Accept: 'application/json', ...(secretKey !== undefined && { 'X-Auth-Token': secretKey }) }
    try {
      const response = (await fetch(baseUrl + path, { method: 'GET', headers, redirect: 'manual', signal: limit.signal } as Parameters<Fetch>[1])) as Response
      if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => undefined))
      return (await response.json()) as unknown
    } catch (error) {
      if (limit.isLate() && !isFlexipError(error)) throw new TimeoutError('the Elastic Metal API did not respond in time', { cause: error }, { attempts: 1 })
      throw error
    } finally {
      limit.end()
    }
  }
}

type Refusal = new (message: string, options: object, context: object) => AnyFlexipError

const refusals = new Map<number, Refusal>([
  [401, DeniedAuthenticationError],
  [403, PermissionsDeniedError],
  [404, ResourceNotFoundError],
  [408, ServiceUnavailableError],
  [429, TooManyRequestsError],
])

/** Those of a body with a message: without one, another program responds with these statuses. */
const refusalsWithMessage = new Map<number, Refusal>([
  [400, InvalidArgumentsError],
  [409, ConflictError],
  [410, ResourceExpiredError],
  [412, PreconditionFailedError],
  [423, ResourceLockedError],
])

/** Those by the type of the body, whatever the status is. */
const typedRefusals = new Map<string, Refusal>([
  ['invalid_arguments', InvalidArgumentsError],
  ['denied_authentication', DeniedAuthenticationError],
  ['permissions_denied', PermissionsDeniedError],
  ['quotas_exceeded', QuotasExceededError],
  ['not_found', ResourceNotFoundError],
  ['transient_state', TransientStateError],
  ['already_exists', AlreadyExistsError],
  ['conflict', ConflictError],
  ['expired', ResourceExpiredError],
  ['resource_expired', ResourceExpiredError],
  ['precondition_failed', PreconditionFailedError],
  ['locked', ResourceLockedError],
  ['too_many_requests', TooManyRequestsError],
  ['out_of_stock', OutOfStockError],
])

/** The error of a response of the Elastic Metal API: the same as for the Flexible IP API. */
function refusalOf(status: number, body: unknown): AnyFlexipError {
  const { type, message } = Object(body) as { type?: unknown; message?: unknown }
  const byMessage = typeof message === 'string' ? refusalsWithMessage.get(status) : undefined
  const Refusal = typedRefusals.get(String(type)) ?? byMessage ?? refusals.get(status) ?? (status >= 500 ? ServiceUnavailableError : UnexpectedResponseError)
  return new Refusal(`the Elastic Metal API responded with ${status}`, {}, { attempts: 1, status })
}

function errorOf(reason: unknown): AnyFlexipError {
  if (isFlexipError(reason)) return reason
  const message = reason instanceof Error ? reason.message : String(reason)
  return reason instanceof SyntaxError ? new DecodeError('the response of the Elastic Metal API is not JSON', { cause: reason }, { attempts: 1 }) : new ConnectionError(message, { cause: reason }, { attempts: 1 })
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** What ends a command that needs the servers of these zones. */
export function unreadable({ error }: UnreadZone, failures: readonly UnreadZone[], hint: string | readonly string[] = [], exitCode: ExitCode = exitCodeOfError(error)): Stop {
  return new Stop(exitCode, `the servers of ${failures.map(({ zone }) => zone).join(', ')} cannot be read: ${error.message}`, hint, { cause: error })
}
