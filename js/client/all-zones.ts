// Lists over all zones, and the search for an address.
import type * as types from '../../build/client/flexip.js'
import { type FlexipError, IncompleteListError, isFlexipError } from '../errors/index.js'
import type { Report } from '../errors/report.js'
import { contains, network } from '../network/addresses.js'
import { callCore, core } from '../transport/core.js'
import type { Redaction } from '../transport/redaction.js'
import { valueText } from '../transport/value-text.js'

/** The flexible IPs of all zones, and the zones that could not be read. */
export interface AllZones {
  /** The flexible IPs of the zones that were read whole. */
  flexibleIps: types.FlexibleIP[]
  /** The other zones, each with its error. */
  failures: { zone: types.Zone; error: FlexipError }[]
}

/** Lists the flexible IPs of all zones at once. `list` reads those of one. Rejects if the request is invalid or the call is aborted. */
export async function listAllZones(list: (zone: string, onReport: (report: Report) => void) => Promise<types.FlexibleIP[]>): Promise<AllZones> {
  const zones = JSON.parse(core().zones()) as string[]
  const flexibleIps: types.FlexibleIP[] = []
  const failures: AllZones['failures'] = []
  const isRefused: boolean[] = []
  // An abort concerns all zones, and so does a request that breaks a rule.
  const refuse = (index: number) => ({ code, attempts }: Report) => (isRefused[index] = code === 'aborted' || (code === 'invalid_arguments' && attempts === 0))
  const reads = await Promise.allSettled(zones.map((zone, index) => list(zone, refuse(index))))
  for (const [index, read] of reads.entries()) {
    if (read.status === 'fulfilled') flexibleIps.push(...read.value)
    else if (isRefused[index] || !isFlexipError(read.reason)) throw read.reason
    else failures.push({ zone: zones[index] ?? '', error: read.reason })
  }
  return { flexibleIps, failures }
}

/**
 * Finds the flexible IP of an address, in the pages of one zone or else in all zones. Rejects if it is not
 * in what was read, and a list that could have it is not whole.
 */
export async function findByIp(
  address: string,
  redaction: Redaction,
  pages: () => AsyncIterable<types.ListFlexibleIPsResponse> | undefined,
  listAll: () => Promise<AllZones>,
): Promise<types.FlexibleIP | undefined> {
  const wanted = typeof address === 'string' ? network(address) : undefined
  if (!wanted) callCore((module) => module.refuseAddress(valueText(address)), redaction)
  const isHere = ({ ipAddress }: types.FlexibleIP) => {
    const own = network(ipAddress)
    return own && wanted && contains(own, wanted)
  }
  const find = (ips: readonly types.FlexibleIP[]) => ips.find(isHere)
  const inOneZone = pages()
  if (inOneZone) {
    for await (const { flexibleIps } of inOneZone) {
      const found = find(flexibleIps)
      if (found) return found
    }
    return undefined
  }
  const { flexibleIps, failures } = await listAll()
  const found = find(flexibleIps.concat(...failures.map(({ error }) => (error instanceof IncompleteListError ? error.flexibleIps : []))))
  if (!found && failures[0]) throw failures[0].error
  return found
}
