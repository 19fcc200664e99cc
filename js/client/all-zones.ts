// Lists over all zones, and the search for an address.
import type * as types from '../../build/client/flexip.js'
import { type FlexipError, isFlexipError } from '../errors/index.js'
import type { Listing } from '../lists/listing.js'
import { callCore, core } from '../transport/core.js'
import { orUndefined } from './or-undefined.js'

/** The flexible IPs of all zones, and the zones that could not be read. */
export interface AllZones {
  flexibleIps: types.FlexibleIP[]
  failures: { zone: types.Zone; error: FlexipError }[]
}

type List = (request: types.ListFlexibleIPsRequest) => Listing

/** Lists the flexible IPs of all zones at once. Rejects if the request is invalid or the call is aborted. */
export async function listAllZones(list: List, request: Omit<types.ListFlexibleIPsRequest, 'zone' | 'page'>): Promise<AllZones> {
  const zones = core().zones()
  // A value that is not a readable object is passed on as it is, so that the core refuses it.
  const inZone = (zone: string) => (request && typeof request === 'object' && orUndefined(() => ({ ...request, zone }))) || request
  const reads = await Promise.allSettled(zones.map((zone) => list(inZone(zone)).all()))
  // An abort concerns all zones, and so does a request that breaks a rule.
  const refused = reads.find((read) => read.status === 'rejected' && (!isFlexipError(read.reason) || (read.reason.code === 'invalid_arguments' && read.reason.attempts === 0)))
  if (refused?.status === 'rejected') throw refused.reason
  const flexibleIps = reads.flatMap((read) => (read.status === 'fulfilled' ? read.value : []))
  const failures = reads.flatMap((read, index) =>
    read.status === 'rejected' ? [{ zone: zones[index] ?? '', error: read.reason as FlexipError }] : [],
  )
  return { flexibleIps, failures }
}

/** Finds the flexible IP of an address, in one zone or else in all. Rejects if a zone that could hold it was not read. */
export async function findByIp(
  address: string,
  inOneZone: boolean,
  list: () => Listing,
  listAll: () => Promise<AllZones>,
): Promise<types.FlexibleIP | undefined> {
  const indexIn = (ips: types.FlexibleIP[]) => core().findIp(address, ips.map(({ ipAddress }) => ipAddress))
  callCore((module) => module.checkAddress(address))
  if (!inOneZone) {
    const { flexibleIps, failures } = await listAll()
    const index = indexIn(flexibleIps)
    if (index === undefined && failures[0]) throw failures[0].error
    return index === undefined ? undefined : flexibleIps[index]
  }
  for await (const { flexibleIps } of list().pages()) {
    const index = indexIn(flexibleIps)
    if (index !== undefined) return flexibleIps[index]
  }
  return undefined
}
