// The parameters of a resource, which Pacemaker passes in the environment.
import { hostname } from 'node:os'
import { linuxInterface } from '../../network/systems/linux.js'
import type { CommonOptions } from '../common-options.js'
import { zones } from '../parsers.js'
import { checkLastingWords } from '../selection.js'
import { Stop } from '../stop.js'
import { Failed, ocf } from './codes.js'

export interface Parameters {
  ips: string[]
  server: string
  interface: string | undefined
  monitorApi: boolean
  options: CommonOptions
}

type Env = Readonly<Record<string, string | undefined>>

/** The parameters, checked. Throws a `Failed` that says that they are wrong on every node. */
export function parametersOf(env: Env): Parameters {
  const value = (name: string) => env[`OCF_RESKEY_${name}`] || undefined
  const ips = wordsOf(value('ips'))
  if (ips.length === 0) throw misconfigured('ips', 'missing', 'flexible IPs with spaces between them')
  try {
    checkLastingWords(ips)
  } catch (error) {
    throw misconfigured('ips', error instanceof Stop ? error.message : String(error), 'addresses, ids, or tag:<tag>')
  }
  const name = value('interface')
  if (name !== undefined && !linuxInterface.interfacePattern.test(name)) throw misconfigured('interface', JSON.stringify(name), linuxInterface.interfaceRule)
  const zone = value('zone')
  if (zone !== undefined && !zones.includes(zone)) throw misconfigured('zone', JSON.stringify(zone), zones.join(', '))
  const monitorApi = value('monitor_api') ?? 'true'
  if (!/^(true|yes|on|1|false|no|off|0)$/i.test(monitorApi)) throw misconfigured('monitor_api', JSON.stringify(monitorApi), 'true or false')
  const [profile, config, apiUrl] = [value('profile'), value('config'), value('api_url')]
  if (apiUrl !== undefined && !/^https?:\/\/[^\s@]+$/.test(apiUrl)) throw misconfigured('api_url', JSON.stringify(apiUrl), 'a URL such as https://api.scaleway.com')
  return {
    ips,
    server: value('server') ?? hostname(),
    interface: name,
    monitorApi: /^(true|yes|on|1)$/i.test(monitorApi),
    options: { timeout: timeoutOf(env), ...(zone !== undefined && { zone }), ...(profile !== undefined && { profile }), ...(config !== undefined && { config }), ...(apiUrl !== undefined && { apiUrl }) },
  }
}

/** What stop knows without a marker: the interface, and the words of the flexible IPs. It checks nothing, because a resource that has lost its parameters must still stop. */
export function localParametersOf(env: Env): Pick<Parameters, 'ips' | 'interface'> {
  const name = env.OCF_RESKEY_interface
  const isName = name !== undefined && linuxInterface.interfacePattern.test(name)
  return { ips: wordsOf(env.OCF_RESKEY_ips), interface: isName ? name : undefined }
}

const wordsOf = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean)

/** The longest time for an action, in milliseconds: a day. A call of the client has its own limit. */
const longestMs = 86_400_000

/** The time for the action, in milliseconds: nine tenths of what Pacemaker gives, so that the reason of a failure can still be said. */
export function timeoutOf(env: Env): number {
  const limit = Number(env.OCF_RESKEY_CRM_meta_timeout)
  return Number.isFinite(limit) && limit >= 100 ? Math.min(longestMs, Math.floor(limit * 0.9)) : 180_000
}

function misconfigured(name: string, found: string, allowed: string): Failed {
  return new Failed(ocf.configured, `the parameter ${name} is wrong: ${found}. Allowed: ${allowed}.`)
}
