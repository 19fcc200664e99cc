// The connection to the emulated fleet: in a shared worker, or in the page where there is none.
import { type Connection, defaultService } from './connection.js'
import type { Carry, Order, Question, Reply, Results } from './protocol.js'
import workerUrl from './fleet-worker.ts?sharedworker&url'

/** The most flexible IPs that the URL can ask for. */
const populationMax = 20_000

export async function connectEmulated(): Promise<Connection> {
  const wanted = Number(new URLSearchParams(location.search).get('population') ?? 0)
  const population = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, populationMax) : 0
  const { carry, facts } = (await inWorker(population)) ?? (await inPage(population))
  const { secretKey, projectId, failing } = facts
  let { resets } = facts
  return {
    scope: 'emulated',
    isEmulated: true,
    // No request is sent there: the emulator answers instead.
    baseUrl: defaultService,
    secretKey,
    projectId,
    failing,
    fetch: async (url, { method, headers, body, signal }) => {
      const answer = carry({ kind: 'fetch', resets, url, method, headers, ...(body !== undefined && { body }) })
      const { status, headers: list, body: text } = await until(answer, signal)
      return { status, headers: new Headers(Object.fromEntries(list)), text: () => Promise.resolve(text) }
    },
    controls: {
      behaviour: () => carry({ kind: 'behaviour' }),
      set: (behaviour) => carry({ kind: 'set', behaviour }),
      reset: async () => {
        resets = await carry({ kind: 'reset' })
      },
      followReset: async () => {
        resets = (await carry({ kind: 'facts' })).resets
      },
    },
  }
}

/** An aborted request is left alone, as one on its way over a network. */
function until<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'))
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

interface Started {
  readonly carry: Carry
  readonly facts: Results['facts']
}

async function inPage(population: number): Promise<Started> {
  const carry = await (await import('./host.js')).startHost(population)
  return { carry, facts: await carry({ kind: 'facts' }) }
}

/** Undefined where there are no shared workers, or where none may run: a browser that lets sites keep nothing says so by an event. */
async function inWorker(population: number): Promise<Started | undefined> {
  if (typeof SharedWorker === 'undefined') return undefined
  const worker = new SharedWorker(trusted(workerUrl), { type: 'module', name: `fleet ${population}` })
  const refused = new Promise<undefined>((resolve) => worker.addEventListener('error', () => resolve(undefined), { once: true }))
  const carry = over(worker.port)
  const facts = await Promise.race([carry({ kind: 'facts' }), refused])
  return facts && { carry, facts }
}

function over(port: MessagePort): Carry {
  const waiting = new Map<number, (reply: Reply) => void>()
  let number = 0
  port.onmessage = ({ data }: MessageEvent<Reply>) => {
    waiting.get(data.number)?.(data)
    waiting.delete(data.number)
  }
  return <Kind extends Order['kind']>(order: Extract<Order, { kind: Kind }>) =>
    new Promise<Results[Kind]>((resolve, reject) => {
      number += 1
      waiting.set(number, (reply) => ('failure' in reply ? reject(new TypeError(reply.failure)) : resolve(reply.result as Results[Kind])))
      port.postMessage({ number, order } satisfies Question)
    })
}

interface Policies {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string }
}

/** The URL of the worker, which is a file of this console, for pages that allow only trusted script URLs. */
function trusted(url: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes
  if (!policies) return url
  const here = import.meta.url.slice(0, import.meta.url.lastIndexOf('/') + 1)
  const policy = policies.createPolicy('flexip-worker', {
    createScriptURL(wanted) {
      const { href } = new URL(wanted, location.href)
      if (!href.startsWith(here)) throw new TypeError('a worker must be a file of the console')
      return href
    },
  })
  return policy.createScriptURL(url)
}
