// Who may send requests. A header can be missing for many reasons, so that none is there grants nothing.
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import { isIPv4 } from 'node:net'
import { ConfigurationError } from '../errors/index.js'

/** Whether a host name, without its port, is a loopback name or address. */
export function isLoopback(host: string): boolean {
  return /(^|\.)localhost$/.test(host) || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
}

/** Looks up the address to listen on. Throws a `ConfigurationError` when there is none. */
export async function resolveAddress(host: string): Promise<string> {
  // Node takes an empty host for every address of the machine.
  if (typeof host !== 'string' || host.trim() === '') throw new ConfigurationError(`host must be an address or a name of this machine, such as 127.0.0.1; found ${JSON.stringify(host)}`)
  const { address } = await lookup(host).catch((cause: unknown): LookupAddress => {
    throw new ConfigurationError(`host must be an address or a name of this machine, such as 127.0.0.1; found ${host}`, { cause })
  })
  return address
}

/** Throws a `ConfigurationError` for an address that other machines can reach with a secret key that is public. */
export function refuseKnownKey(address: string, hasOwnKey: boolean): void {
  if (isLoopback(address) || hasOwnKey) return
  const remedy = 'set another one, in FLEXIP_SECRET_KEY or as secretKey, or listen on 127.0.0.1'
  throw new ConfigurationError(`other machines can reach the host ${address}, and the secret key is public, because it follows from the seed: ${remedy}`)
}

/**
 * Decides which requests are served. A secret key that was set is enough for everything, and control needs it. The
 * one that follows from the seed is public. With it, nothing is served to another machine or to a page of
 * another one, and control not to any page.
 */
export class Access {
  readonly #secretKey: string
  readonly hasOwnKey: boolean

  constructor({ secretKey, hasOwnKey }: { secretKey: string; hasOwnKey: boolean }) {
    this.#secretKey = secretKey
    this.hasOwnKey = hasOwnKey
  }

  /** Whether a page may read the response to its request, and may send any method and header. */
  allowsPage({ headers, url = '' }: IncomingMessage): boolean {
    return this.hasOwnKey || (!isControl(url) && headers.origin !== undefined && isLoopbackOrigin(headers.origin))
  }

  /** Whether a request to this host is served, if it has no other one and no sign of a page. */
  allowsHost(host: string): boolean {
    return this.hasOwnKey || isLoopback(hostName(host))
  }

  /** Returns why a request is refused, or nothing if it may be served. */
  refusal(request: IncomingMessage): string | undefined {
    if (this.hasOwnKey) return undefined
    return isOfThisMachine(request) ? undefined : `${ofAnother}; ${remedy}`
  }

  /** Returns why a control request is refused, or nothing if it may be carried out. */
  controlRefusal({ headers }: IncomingMessage): string | undefined {
    const token = headers['x-auth-token']
    if (this.hasOwnKey) return token === this.#secretKey ? undefined : 'control needs the secret key in X-Auth-Token'
    const sign = Object.keys(headers).find((name) => isSignOfOthers(name, headers[name]))
    if (sign) return `the request has a ${sign}, so it may come from a page or from another machine; ${remedy}`
    if (token === this.#secretKey || isProgram(headers['user-agent'])) return undefined
    return 'nothing shows that a program of this machine sent the request: name the program in User-Agent, or send the secret key in X-Auth-Token'
  }
}

/** Whether a request is for this machine, and not from a page of another one. A page could reach a program on loopback through a name that leads there. */
export function isOfThisMachine({ rawHeaders, url = '' }: IncomingMessage): boolean {
  // `headers` of a request is made on its first use, which takes longer than all of this.
  const hosts = rawValues(rawHeaders, 'host')
  const origins = rawValues(rawHeaders, 'origin')
  const isForThis = hosts.length === 1 && isLoopback(hostName(hosts[0])) && !isForeignTarget(url)
  const isForeign = origins.length > 1 || origins.some((origin) => !isLoopbackOrigin(origin)) || rawValues(rawHeaders, 'sec-fetch-site').includes('cross-site')
  return isForThis && !isForeign
}

/** Why a request that is not of this machine is refused. */
export const ofAnother = 'the request comes from a page of another machine, or its Host is not that of this machine'

const remedy = 'set a secret key of your own, in FLEXIP_SECRET_KEY or as secretKey, and send it in X-Auth-Token'

/** The kinds of headers that browsers add for a page: all that no script may set, among them. */
const pageHeader = /^(?:sec-.*|origin|referer|cookie2?|dnt|upgrade-insecure-requests|access-control-request-.*)$/

/** The kinds of headers that proxies add: what they forward, of which client, and their names. */
const proxyHeader = /^(?:(?:x-)?(?:forwarded|original|envoy|proxy|real)(?:-.*)?|via|cf-.*|cdn-.*|max-forwards|.*-ip|.*client-?ip.*|.*(?:remote|client)-?addr.*)$/

/** Whether a header, by its name in lower case, is one of pages or of proxies, which programs do not send. */
function isSignOfOthers(name: string, value: unknown): boolean {
  // `fetch` of Node sends this one alone. A browser sends Sec-Fetch-Site and Sec-Fetch-Dest with it.
  if (name === 'sec-fetch-mode' && value === 'cors') return false
  return pageHeader.test(name) || proxyHeader.test(name)
}

/** Whether a User-Agent is that of a program. Every browser begins its own with Mozilla, and a page changes it only after a CORS preflight, which is not granted. */
function isProgram(agent = ''): boolean {
  return agent !== '' && !/^(Mozilla|Opera)\b/i.test(agent)
}

export function isControl(target: string): boolean {
  return pathOf(target).startsWith('/_emulator/')
}

/** Returns the target without the host that it has in a request to a proxy. */
export function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?]*/i, '')
}

/** All values of a header. */
function rawValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const other = rawHeaders[at] ?? ''
    if (other.length === name.length && other.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '')
  }
  return values
}

function isForeignTarget(target: string): boolean {
  const [, host] = /^https?:\/\/([^/?]*)/i.exec(target) ?? []
  return host !== undefined && !isLoopback(hostName(host))
}

/** `null` is the origin of a sandboxed frame, of a file, and of others. */
function isLoopbackOrigin(origin: string): boolean {
  const [, host] = /^https?:\/\/(.*)$/.exec(origin) ?? []
  return host !== undefined && isLoopback(hostName(host))
}

function hostName(host = ''): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}
