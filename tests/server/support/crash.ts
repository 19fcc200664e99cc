// Kills an emulator at random moments under load, and looks after each restart at what is left.
import type { Fip, Ready } from './served.js'
import { api, begin, ready } from './served.js'

/** What an operation makes of a flexible IP. Description and tags carry its number: a half of it would show. */
interface Version {
  description: string
  tags: string[]
  attachedTo: string | null
  hasMac: boolean
}

interface Held {
  version: Version
  /** What the operation on it, if one was not answered, would have made of it. */
  pending?: Version | 'gone'
}

export interface Tally {
  acknowledged: number
  unanswered: number
  cameAbout: number
  killedAtStart: number
}

const clients = 8

export class Crashes {
  readonly tally: Tally = { acknowledged: 0, unanswered: 0, cameAbout: 0, killedAtStart: 0 }
  readonly #args: string[]
  readonly #random: () => number
  #held = new Map<string, Held>()
  /** Deleted while they were being detached: they are there until that ends. A version: perhaps they were not. */
  #leaving = new Map<string, Version | 'deleted'>()
  /** Creates that were not answered. */
  #creating: Version[] = []
  #number = 0

  constructor(file: string, random: () => number) {
    this.#args = ['emulator', '--port', '0', '--json', '--data', file, '--timing', 'recorded', '--server', 'fr-par-1/web-1', '--log-size', '4000']
    this.#random = random
  }

  async once(): Promise<void> {
    const child = begin(this.#args)
    // One in five dies while it starts.
    if (this.#random() < 0.2) {
      const timer = setTimeout(() => child.kill('SIGKILL'), this.#random() * 250)
      await Promise.race([child.ended, ready(child).catch(() => undefined)])
      clearTimeout(timer)
      child.kill('SIGKILL')
      await child.ended
      this.tally.killedAtStart++
      if (child.said() !== '') throw new Error(child.said())
      return
    }
    try {
      const served = await ready(child)
      await this.#look(served)
      const until = this.tally.acknowledged + Math.floor(this.#random() * 80)
      const dies = () => {
        if (this.tally.acknowledged >= until) child.kill('SIGKILL')
      }
      await Promise.all(Array.from({ length: clients }, (_, client) => this.#work(served, client, dies)))
    } finally {
      child.kill('SIGKILL')
      await child.ended
    }
  }

  /** A last start, to look at what the last kill left. */
  async finish(): Promise<void> {
    const child = begin(this.#args)
    try {
      await this.#look(await ready(child))
    } finally {
      child.kill('SIGTERM')
      await child.ended
    }
  }

  /** One client: one operation after the other, until the process is gone. Each has flexible IPs of its own. */
  async #work(served: Ready, client: number, acknowledged: () => void): Promise<void> {
    const { create, call } = api(served)
    const server = served.servers[0]?.id ?? ''
    const own = [...this.#held.keys()].filter((_, place) => place % clients === client)
    for (;;) {
      const number = ++this.#number
      const fresh = { description: `operation ${number}`, tags: [`of-${number}`, `client-${client}`] }
      const id = own[Math.floor(this.#random() * own.length)]
      const held = id === undefined ? undefined : this.#held.get(id)
      const choice = this.#random()
      if (id === undefined || !held || own.length < 3 || (choice < 0.3 && own.length < 12)) {
        const version = { ...fresh, attachedTo: null, hasMac: false }
        this.#creating.push(version)
        const made = await create(fresh).catch(() => undefined)
        if (!made) return this.#unanswered()
        expectStatus(made.status, 200)
        this.#creating.splice(this.#creating.indexOf(version), 1)
        this.#held.set(made.body.id, { version })
        own.push(made.body.id)
      } else {
        const { path, method, body, after } = this.#operation(held.version, fresh, choice, id, server)
        held.pending = after
        const done = await call(method, path, body).catch(() => undefined)
        if (!done) return this.#unanswered()
        // What is in transition may refuse: then nothing has changed.
        if (done.status < 300) {
          if (after === 'gone') {
            own.splice(own.indexOf(id), 1)
            this.#leaving.set(id, 'deleted')
            if (this.#held.get(id) === held) this.#held.delete(id)
          } else held.version = after
        } else if (done.body.type !== 'quotas_exceeded') expectStatus(done.status, 409, 412)
        delete held.pending
      }
      this.tally.acknowledged++
      acknowledged()
    }
  }

  #operation(now: Version, fresh: { description: string; tags: string[] }, choice: number, id: string, server: string): { method: string; path: string; body?: unknown; after: Version | 'gone' } {
    if (choice < 0.6) return { method: 'PATCH', path: `/${id}`, body: fresh, after: { ...now, ...fresh } }
    if (choice < 0.7 && !now.hasMac && now.attachedTo === null) return { method: 'POST', path: `/${id}/mac`, body: { mac_type: 'kvm' }, after: { ...now, hasMac: true } }
    if (choice < 0.8 && now.attachedTo === null) return { method: 'POST', path: '/attach', body: { fips_ids: [id], server_id: server }, after: { ...now, attachedTo: server } }
    if (now.attachedTo !== null) return { method: 'POST', path: '/detach', body: { fips_ids: [id] }, after: { ...now, attachedTo: null } }
    return { method: 'DELETE', path: `/${id}`, after: 'gone' }
  }

  #unanswered(): void {
    this.tally.unanswered++
  }

  /** Compares what is there with what was acknowledged, and goes on from what is there. */
  async #look(served: Ready): Promise<void> {
    const found = await everything(served)
    const creating = [...this.#creating]
    const problems: string[] = []
    const next = new Map<string, Held>()
    for (const [id, { version, pending }] of this.#held) {
      const fip = found.get(id)
      if (pending === 'gone' && fip?.status === 'detaching') this.#leaving.set(id, version)
      else if (fip && fits(fip, version)) next.set(id, { version })
      else if (fip && pending && pending !== 'gone' && fits(fip, pending)) {
        next.set(id, { version: pending })
        this.tally.cameAbout++
      } else if (pending === 'gone') this.tally.cameAbout++
      else problems.push(`acknowledged: ${id} ${JSON.stringify(version)}; found: ${JSON.stringify(fip)}`)
    }
    for (const [id, fip] of found) {
      const leaving = this.#leaving.get(id)
      if (next.has(id) || (leaving && fip.status === 'detaching')) continue
      if (leaving && leaving !== 'deleted' && fits(fip, leaving)) {
        next.set(id, { version: leaving })
        continue
      }
      const place = creating.findIndex((version) => fits(fip, version))
      const [version] = place < 0 ? [] : creating.splice(place, 1)
      if (version) {
        next.set(id, { version })
        this.tally.cameAbout++
      } else if (this.#held.get(id)?.pending === 'gone' || !this.#held.has(id)) problems.push(`nobody made ${JSON.stringify(fip)}`)
    }
    if (problems.length > 0) throw new Error(problems.join('\n'))
    this.#held = next
    this.#creating = []
  }
}

async function everything(served: Ready): Promise<Map<string, Fip>> {
  const found = new Map<string, Fip>()
  for (let page = 1; ; page++) {
    const { body } = await api(served).call('GET', `?page_size=100&page=${page}`)
    for (const fip of body.flexible_ips) found.set(fip.id, fip)
    if (page * 100 >= body.total_count) return found
  }
}

/** Being attached and detached takes time: it is on its way or there. */
function fits(fip: Fip, { description, tags, attachedTo, hasMac }: Version): boolean {
  const attached = attachedTo === null ? (fip.server_id === null && fip.status === 'ready') || fip.status === 'detaching' : (fip.server_id === attachedTo && fip.status !== 'detaching') || fip.status === 'updating'
  return fip.description === description && JSON.stringify(fip.tags) === JSON.stringify(tags) && attached && (fip.mac_address !== null) === hasMac
}

function expectStatus(found: number, ...allowed: number[]): void {
  if (!allowed.includes(found)) throw new Error(`the status is ${found}, not ${allowed.join(' or ')}`)
}
