// `flexip replay`: sends the requests of a session to a new emulator and compares the responses.
import { type EmulatorOptions, FlexibleIpEmulator } from '../../emulator.js'
import { hostOf } from '../../emulator/internals.js'
import { Mapping, isFields } from './mapping.js'
import { parse } from './redaction.js'
import { type NumberedRow, readSession } from './row.js'

/** A row that the emulator answers in another way. */
export interface Difference {
  /** The number of the line in the session. */
  line: number
  /** Method, path and query, as recorded. */
  request: string
  /** Each difference between the responses, as a sentence. */
  differences: string[]
}

/** What a replay found. */
export interface ReplayResult {
  /** The number of exchanges that were compared. */
  compared: number
  /** The exchanges that were not compared, and why. */
  skipped: { line: number; request: string; reason: string }[]
  /** Where responses of the emulator differ. */
  differences: Difference[]
}

const apiPath = /^\/flexible-ip\/v1alpha1\/zones\/([^/]+)\/fips(?:\/([^/]+))?/
const serversPath = /^\/baremetal\/v1\/zones\/([^/]+)\/servers(?:\/([^/]+))?$/

/** Replays a session. Throws a `ConfigurationError` when the file or an option is invalid. */
export function replaySession(path: string, options: EmulatorOptions = {}): ReplayResult {
  const rows = readSession(path)
  const facts = factsOf(rows)
  const [projectId, ...projects] = facts.projects
  const [organizationId] = facts.organizations
  const emulator = new FlexibleIpEmulator({ timing: 'recorded', ...(projectId !== undefined && { projectId, projects }), ...(organizationId !== undefined && { organizationId }), ...options, clock: 'manual' })
  const replay = new Replay(emulator, facts)
  const report: ReplayResult = { compared: 0, skipped: [], differences: [] }
  for (const row of rows) {
    const { line } = row
    const request = `${row.method} ${row.path}${row.query && `?${row.query}`}`
    const reason = replay.skipReason(row)
    if (reason !== undefined) {
      report.skipped.push({ line, request, reason })
      continue
    }
    const differences = replay.compare(row)
    report.compared++
    if (differences.length > 0) report.differences.push({ line, request, differences })
  }
  return report
}

/** What the whole session shows, before it is replayed. */
interface Facts {
  projects: string[]
  organizations: string[]
  /** The servers that the session uses and did not create, with their zones. */
  servers: Map<string, string>
  /** The flexible IPs that the session shows and did not create. */
  earlier: Set<string>
  reverses: Set<string>
}

function factsOf(rows: NumberedRow[]): Facts {
  const facts = { projects: new Set<string>(), organizations: new Set<string>(), servers: new Map<string, string>(), earlier: new Set<string>(), reverses: new Set<string>() }
  const [created, ordered] = [new Set<string>(), new Set<string>()]
  for (const row of rows) {
    const body = parse(row.response)
    const zone = (apiPath.exec(row.path) ?? serversPath.exec(row.path))?.[1] ?? ''
    if (isFields(row.request)) {
      if (typeof row.request.reverse === 'string') facts.reverses.add(row.request.reverse)
      if (row.status < 300 && typeof row.request.server_id === 'string') facts.servers.set(row.request.server_id, zone)
    }
    if (row.status >= 300 || !isFields(body)) continue
    const isOfServers = serversPath.test(row.path)
    if (row.method === 'POST' && /\/(?:fips|servers)$/.test(row.path)) (isOfServers ? ordered : created).add(String(body.id))
    const items = [body.flexible_ips, body.servers, body].find(Array.isArray) as unknown[] | undefined
    for (const item of items ?? [body]) {
      if (!isFields(item) || typeof item.id !== 'string') continue
      if (isOfServers) facts.servers.set(item.id, zone)
      else if (!created.has(item.id)) facts.earlier.add(item.id)
      if (typeof item.server_id === 'string') facts.servers.set(item.server_id, zone)
      if (typeof item.project_id === 'string') facts.projects.add(item.project_id)
      if (typeof item.organization_id === 'string') facts.organizations.add(item.organization_id)
    }
  }
  for (const id of ordered) facts.servers.delete(id)
  return { ...facts, projects: [...facts.projects], organizations: [...facts.organizations] }
}

class Replay {
  readonly #emulator: FlexibleIpEmulator
  readonly #facts: Facts
  #mapping: Mapping
  /** The flexible IPs whose creation went differently. */
  readonly #lost = new Set<string>()

  constructor(emulator: FlexibleIpEmulator, facts: Facts) {
    this.#emulator = emulator
    this.#facts = facts
    this.#mapping = new Mapping(facts)
    for (const [id, zone] of facts.servers) this.#mapping.learn(id, emulator.addServer({ zone, name: 'server' }).id, 'the server')
  }

  /** Why a row cannot be compared, if it cannot. */
  skipReason({ path, request, response }: NumberedRow): string | undefined {
    if (!apiPath.test(path) && !serversPath.test(path)) return 'the emulator does not have this path'
    const named = `${path} ${JSON.stringify(request)}`
    const uses = (ids: Set<string>): boolean => [...ids].some((id) => named.includes(id))
    if (uses(this.#facts.earlier)) return 'it names a flexible IP from before the session'
    if (uses(this.#lost)) return 'it names a flexible IP whose creation differs'
    return /^\s*[[{]/.test(response) || response === '' ? undefined : 'the response is not JSON'
  }

  /**
   * Sends the request of a row until the response agrees. After each response that does not, the emulator is
   * restored, and the clock moves on to the next transition. Returns the differences of the response with the fewest.
   */
  compare(row: NumberedRow): string[] {
    this.#emulator.advance(1)
    let best: { differences: string[]; mapping: Mapping; after: string } | undefined
    for (;;) {
      const [before, mapping] = [this.#emulator.snapshot(), this.#mapping.copy()]
      const differences = this.#send(row)
      if (differences.length === 0) return []
      if (!best || differences.length < best.differences.length) best = { differences, mapping: this.#mapping, after: this.#emulator.snapshot() }
      this.#emulator.restore(before)
      this.#mapping = mapping
      const wait = this.#emulator.msToNextTransition()
      if (wait === undefined) break
      this.#emulator.advance(wait)
    }
    // The work stays done, so that the rows that follow find it.
    this.#emulator.restore(best.after)
    this.#mapping = best.mapping
    this.#loseCreated(row)
    return best.differences
  }

  #send(row: NumberedRow): string[] {
    const { method, path, query, request, request_text: text, status } = row
    const body = text ?? (request === null ? undefined : JSON.stringify(request))
    const target = this.#mapping.translate(`${path}${query && `?${query}`}`)
    const headers = this.#authOf(row).flatMap((pair) => pair)
    const raw = hostOf(this.#emulator).handle(method, target, headers.join('\n'), new TextEncoder().encode(body === undefined ? '' : this.#mapping.translate(body)))
    const ours = new TextDecoder().decode(raw.body)
    if (raw.status !== status) return [`the status is ${status} in the session, and ${raw.status} in the emulator's response${ours && `: ${ours.slice(0, 200)}`}`]
    const [recorded, parsed] = [parse(row.response), parse(ours)]
    if (serversPath.test(path)) return this.#learnServer(recorded, parsed)
    if (method === 'POST' && path.endsWith('/fips') && status < 300) this.#mapping.forget(recorded, parsed)
    return this.#mapping.compare(recorded, parsed)
  }

  /** The headers with which the request authenticated itself: with the emulator's key, unless the service refused it. */
  #authOf({ auth, status }: NumberedRow): [name: string, value: string][] {
    const isRefused = status === 401
    if (!isRefused) return [['X-Auth-Token', this.#emulator.secretKey]]
    return auth.map((name) => [name, 'refused'])
  }

  /** Of a server only its id is compared. */
  #learnServer(recorded: unknown, ours: unknown): string[] {
    if (!isFields(recorded) || !isFields(ours) || typeof recorded.id !== 'string' || typeof ours.id !== 'string') return []
    return [this.#mapping.learn(recorded.id, ours.id, 'id')].filter((line) => line !== undefined)
  }

  #loseCreated({ method, path, response }: NumberedRow): void {
    const body = parse(response)
    if (method !== 'POST' || !path.endsWith('/fips') || !isFields(body) || typeof body.id !== 'string') return
    if (this.#mapping.translate(body.id) === body.id) this.#lost.add(body.id)
  }
}
