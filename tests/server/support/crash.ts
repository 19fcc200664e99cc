// Kills an emulator at random moments under load, and checks its state after each restart.
import type { Fip, Ready } from './served.js'
import { join } from 'node:path'
import { send } from './http.js'
import { api, spawnCli, spawnScript, whenReady } from './served.js'

/** A flexible IP after an operation. The description and the tags carry the number of the operation, so that a partial change is visible. */
interface Version {
  description: string
  tags: string[]
  attachedTo: string | null
  hasMac: boolean
}

interface Expected {
  version: Version
  /** The result of an operation that was sent and has no response. */
  pending?: Version | 'deleted'
}

export interface Tally {
  acknowledged: number
  unanswered: number
  carriedOut: number
  killedAtStart: number
  /** What was done beside the operations, by kind: each was answered, or was passed to a caller in the process. */
  disturbances: Record<Disturbance, number>
}

type Disturbance = 'clockMoves' | 'rules' | 'rulesRemoved' | 'timings' | 'aliasedObjects' | 'malformedQueries' | 'otherZone'

const clients = 8

/** The statuses with which a rule refuses an operation that is not done. */
const refusals = [429, 503]

const rules = [
  { operation: 'updateFlexibleIP', probability: 0.3, times: 4, fault: 'rateLimit' },
  { operation: 'createFlexibleIP', nth: 2, fault: { status: { status: 503, body: { message: 'no' }, headers: { 'Retry-After': '1' } } } },
  { fault: { rateGate: { perSecond: 50, burst: 400 } } },
  { operation: 'listFlexibleIPs', probability: 0.5, fault: { tear: {} } },
  { fault: { stale: {} } },
  { operation: 'listFlexibleIPs', fault: { flap: { calls: 2 } } },
  { operation: 'listFlexibleIPs', fault: { wrongTotal: 2 } },
  { operation: 'getFlexibleIP', fault: { drip: { pieces: 2, overMs: 0 } } },
  { operation: 'listFlexibleIPs', fault: 'repeatPage' },
  { operation: 'listFlexibleIPs', times: 5, fault: { portal: 200 } },
  { operation: 'deleteFlexibleIP', probability: 0.5, fault: 'reuse' },
  // Only in a zone where nothing is expected: late work undoes what was acknowledged after it.
  { zone: 'nl-ams-1', fault: { late: { ms: { min: 1, max: 2000 } } } },
  { nth: 0, fault: 'garbage' },
]

/** A zone in which flexible IPs are written, and whose state is not checked. */
const otherZone = 'nl-ams-1'

const queries = ['?page=abc', '?page=-1&order_by=x', '?tags=%FF%00', '?page=99999999999', '/x?y=z', '?server_ids=1&server_ids=2', '?=&&&', '/7c715b98-e683-493a-9e62-109d684e4348?%']

export class CrashRun {
  readonly tally: Tally = { acknowledged: 0, unanswered: 0, carriedOut: 0, killedAtStart: 0, disturbances: { clockMoves: 0, rules: 0, rulesRemoved: 0, timings: 0, aliasedObjects: 0, malformedQueries: 0, otherZone: 0 } }
  readonly #file: string
  #starts = 0
  readonly #random: () => number
  #expected = new Map<string, Expected>()
  /** Flexible IPs that were deleted while `detaching`, and exist until that ends. With a version if the delete has no response. */
  #leaving = new Map<string, Version | 'deleted'>()
  /** The creates that have no response. */
  #creating: Version[] = []
  #number = 0
  /** The last flexible IP that was created in the other zone. */
  #other = ''

  constructor(file: string, random: () => number) {
    this.#file = file
    this.#random = random
  }

  /** Starts the emulator: every second time by the command, otherwise by a program that changes what it passes. */
  #spawn(): ReturnType<typeof spawnCli> {
    if (this.#starts++ % 2 === 0) return spawnCli(['emulator', '--port', '0', '--json', '--data', this.#file, '--clock', 'manual', '--timing', 'recorded', '--server', 'fr-par-1/web-1', '--log-size', '4000'])
    const options = { data: this.#file, clock: 'manual', timing: 'recorded', servers: [{ zone: 'fr-par-1', name: 'web-1' }], logBytes: 4000 }
    return spawnScript(join(import.meta.dirname, 'crash-host.mjs'), [JSON.stringify(options)])
  }

  /** Starts the emulator, checks its state, and kills it: one time in five during the start, otherwise under load. */
  async killOnce(): Promise<void> {
    const isProgram = this.#starts % 2 === 1
    const child = this.#spawn()
    if (this.#random() < 0.2) {
      const timer = setTimeout(() => child.kill('SIGKILL'), this.#random() * 250)
      await Promise.race([child.ended, whenReady(child).catch(() => undefined)])
      clearTimeout(timer)
      child.kill('SIGKILL')
      await child.ended
      this.tally.killedAtStart++
      if (child.errors() !== '') throw new Error(child.errors())
      return
    }
    try {
      const served = await whenReady(child)
      await this.#check(served)
      const limit = this.tally.acknowledged + Math.floor(this.#random() * 80)
      const onAcknowledged = () => {
        if (this.tally.acknowledged >= limit) child.kill('SIGKILL')
      }
      const alias = () => isProgram && child.kill('SIGUSR2')
      await Promise.all([...Array.from({ length: clients }, (_, client) => this.#work(served, client, onAcknowledged)), this.#disturb(served, alias)])
    } finally {
      child.kill('SIGKILL')
      await child.ended
    }
  }

  /** Starts the emulator once more, to check its state after the last kill. */
  async finish(): Promise<void> {
    const child = this.#spawn()
    try {
      await this.#check(await whenReady(child))
    } finally {
      child.kill('SIGTERM')
      await child.ended
    }
  }

  /** Sets fault rules, moves the clock and reads with malformed queries until the process is killed. None of it changes what an acknowledged operation did. */
  async #disturb({ url, secretKey, projectId }: Ready, alias: () => boolean): Promise<void> {
    const headers = { 'X-Auth-Token': secretKey, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
    for (;;) {
      const choice = this.#random()
      const pick = <T>(list: readonly T[]): T => list[Math.floor(this.#random() * list.length)] as T
      const control = (method: string, path: string, body?: unknown) => send(`${url}/_emulator/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
      let kind: Disturbance
      try {
        if (choice < 0.3) {
          kind = 'clockMoves'
          await control('POST', 'clock', { advanceMs: pick([this.#random() * 3000, 1, 0, 0.125, -1, 1e300, 1e15]) })
        } else if (choice < 0.5) {
          kind = 'rules'
          await control('POST', 'faults', pick(rules))
        } else if (choice < 0.55) {
          kind = 'rulesRemoved'
          await control('DELETE', 'faults')
        } else if (choice < 0.6) {
          kind = 'timings'
          await control('PUT', 'timing', pick(['recorded', { detach: 300, attach: [1, 2, 3] }, { attach: 2 ** 40 }, 'slow']))
        } else if (choice < 0.65) {
          if (!alias()) continue
          kind = 'aliasedObjects'
        } else if (choice < 0.75) {
          kind = 'otherZone'
          const [method, path] = pick([['POST', ''], ['PATCH', `/${this.#other}`], ['DELETE', `/${this.#other}`]] as const)
          const { body } = await send(`${url}/flexible-ip/v1alpha1/zones/${otherZone}/fips${path}`, { method, headers, body: method === 'DELETE' ? undefined : JSON.stringify({ project_id: projectId, tags: ['late'] }) })
          this.#other = /"id":"([^"]+)"/.exec(body.toString())?.[1] ?? this.#other
        } else {
          kind = 'malformedQueries'
          await send(`${url}/flexible-ip/v1alpha1/zones/fr-par-1/fips${pick(queries)}`, { method: pick(['GET', 'GET', 'HEAD', 'PUT']), headers: pick([headers, {}]) })
        }
      } catch {
        return
      }
      this.tally.disturbances[kind]++
    }
  }

  /** Sends one operation after the other until the process is killed. Each client has its own flexible IPs. */
  async #work(served: Ready, client: number, onAcknowledged: () => void): Promise<void> {
    const { create, call } = api(served)
    const server = served.servers[0]?.id ?? ''
    const own = [...this.#expected.keys()].filter((_, index) => index % clients === client)
    for (;;) {
      const number = ++this.#number
      const fresh = { description: `operation ${number}`, tags: [`of-${number}`, `client-${client}`] }
      const id = own[Math.floor(this.#random() * own.length)]
      const expected = id === undefined ? undefined : this.#expected.get(id)
      const choice = this.#random()
      if (id === undefined || !expected || own.length < 3 || (choice < 0.3 && own.length < 12)) {
        const version = { ...fresh, attachedTo: null, hasMac: false }
        this.#creating.push(version)
        const made = await create(fresh).catch(() => undefined)
        if (!made) return this.#countUnanswered()
        this.#creating.splice(this.#creating.indexOf(version), 1)
        if (refusals.includes(made.status)) continue
        expectStatus(made.status, 200)
        this.#expected.set(made.body.id, { version })
        own.push(made.body.id)
      } else {
        const { path, method, body, after } = this.#operation(expected.version, fresh, choice, id, server)
        expected.pending = after
        const done = await call(method, path, body).catch(() => undefined)
        if (!done) return this.#countUnanswered()
        // A flexible IP in transition may refuse the operation, and is then unchanged.
        if (done.status < 300) {
          if (after === 'deleted') {
            own.splice(own.indexOf(id), 1)
            this.#leaving.set(id, 'deleted')
            if (this.#expected.get(id) === expected) this.#expected.delete(id)
          } else expected.version = after
        } else if (done.body.type !== 'quotas_exceeded') expectStatus(done.status, 409, 412, ...refusals)
        delete expected.pending
      }
      this.tally.acknowledged++
      onAcknowledged()
    }
  }

  #operation(now: Version, fresh: { description: string; tags: string[] }, choice: number, id: string, server: string): { method: string; path: string; body?: unknown; after: Version | 'deleted' } {
    if (choice < 0.6) return { method: 'PATCH', path: `/${id}`, body: fresh, after: { ...now, ...fresh } }
    if (choice < 0.7 && !now.hasMac && now.attachedTo === null) return { method: 'POST', path: `/${id}/mac`, body: { mac_type: 'kvm' }, after: { ...now, hasMac: true } }
    if (choice < 0.8 && now.attachedTo === null) return { method: 'POST', path: '/attach', body: { fips_ids: [id], server_id: server }, after: { ...now, attachedTo: server } }
    if (now.attachedTo !== null) return { method: 'POST', path: '/detach', body: { fips_ids: [id] }, after: { ...now, attachedTo: null } }
    return { method: 'DELETE', path: `/${id}`, after: 'deleted' }
  }

  #countUnanswered(): void {
    this.tally.unanswered++
  }

  /** Compares the state with the acknowledged operations. The state is what the next check expects. */
  async #check(served: Ready): Promise<void> {
    await send(`${served.url}/_emulator/faults`, { method: 'DELETE', headers: { 'X-Auth-Token': served.secretKey } })
    const found = await listAll(served)
    const creating = [...this.#creating]
    const problems: string[] = []
    const next = new Map<string, Expected>()
    for (const [id, { version, pending }] of this.#expected) {
      const fip = found.get(id)
      if (pending === 'deleted' && fip?.status === 'detaching') this.#leaving.set(id, version)
      else if (fip && fits(fip, version)) next.set(id, { version })
      else if (fip && pending && pending !== 'deleted' && fits(fip, pending)) {
        next.set(id, { version: pending })
        this.tally.carriedOut++
      } else if (pending === 'deleted') this.tally.carriedOut++
      else problems.push(`acknowledged: ${id} ${JSON.stringify(version)}; found: ${JSON.stringify(fip)}`)
    }
    for (const [id, fip] of found) {
      const leaving = this.#leaving.get(id)
      if (next.has(id) || (leaving && fip.status === 'detaching')) continue
      if (leaving && leaving !== 'deleted' && fits(fip, leaving)) {
        next.set(id, { version: leaving })
        continue
      }
      const index = creating.findIndex((version) => fits(fip, version))
      const [version] = index < 0 ? [] : creating.splice(index, 1)
      if (version) {
        next.set(id, { version })
        this.tally.carriedOut++
      } else if (this.#expected.get(id)?.pending === 'deleted' || !this.#expected.has(id)) problems.push(`no operation created ${JSON.stringify(fip)}`)
    }
    if (problems.length > 0) throw new Error(problems.join('\n'))
    this.#expected = next
    this.#creating = []
  }
}

async function listAll(served: Ready): Promise<Map<string, Fip>> {
  const found = new Map<string, Fip>()
  for (let page = 1; ; page++) {
    const { body } = await api(served).call('GET', `?page_size=100&page=${page}`)
    for (const fip of body.flexible_ips) found.set(fip.id, fip)
    if (page * 100 >= body.total_count) return found
  }
}

/** Whether a flexible IP is as expected. Its attachment may be in transition. */
function fits(fip: Fip, { description, tags, attachedTo, hasMac }: Version): boolean {
  const attached = attachedTo === null ? (fip.server_id === null && fip.status === 'ready') || fip.status === 'detaching' : (fip.server_id === attachedTo && fip.status !== 'detaching') || fip.status === 'updating'
  return fip.description === description && JSON.stringify(fip.tags) === JSON.stringify(tags) && attached && (fip.mac_address !== null) === hasMac
}

function expectStatus(found: number, ...allowed: number[]): void {
  if (!allowed.includes(found)) throw new Error(`the status is ${found}, not ${allowed.join(' or ')}`)
}
