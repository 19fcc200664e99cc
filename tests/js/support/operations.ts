// The 11 operations, written out anew from the API's description: the library's own table is tested against this one.
import type { CallOptions, FlexibleIpClient } from 'flexip'
import { destinationId, fipId, flexibleIp, mac, page, serverId } from './bodies.js'

interface Operation {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** The path behind the zone; `{fipId}` stands for the request's. */
  path: string
  /** A request that breaks no rule. */
  request: Readonly<Record<string, unknown>>
  /** Status and JSON of a success. */
  success: readonly [number, unknown]
}

export const operations = {
  listFlexibleIPs: { method: 'GET', path: '/fips', request: {}, success: [200, page()] },
  createFlexibleIP: { method: 'POST', path: '/fips', request: { description: 'mail' }, success: [200, flexibleIp()] },
  getFlexibleIP: { method: 'GET', path: '/fips/{fipId}', request: { fipId }, success: [200, flexibleIp()] },
  updateFlexibleIP: { method: 'PATCH', path: '/fips/{fipId}', request: { fipId, tags: [] }, success: [200, flexibleIp()] },
  deleteFlexibleIP: { method: 'DELETE', path: '/fips/{fipId}', request: { fipId }, success: [204, undefined] },
  attachFlexibleIP: { method: 'POST', path: '/fips/attach', request: { fipsIds: [fipId], serverId }, success: [200, page(flexibleIp())] },
  detachFlexibleIP: { method: 'POST', path: '/fips/detach', request: { fipsIds: [fipId] }, success: [200, page(flexibleIp())] },
  generateMACAddr: { method: 'POST', path: '/fips/{fipId}/mac', request: { fipId, macType: 'kvm' }, success: [200, flexibleIp({ mac_address: mac() })] },
  deleteMACAddr: { method: 'DELETE', path: '/fips/{fipId}/mac', request: { fipId }, success: [204, undefined] },
  duplicateMACAddr: {
    method: 'POST',
    path: '/fips/{fipId}/mac/duplicate',
    request: { fipId: destinationId, duplicateFromFipId: fipId },
    success: [200, flexibleIp({ id: destinationId, mac_address: mac() })],
  },
  moveMACAddr: {
    method: 'POST',
    path: '/fips/{fipId}/mac/move',
    request: { fipId, dstFipId: destinationId },
    success: [200, flexibleIp({ id: destinationId, mac_address: mac() })],
  },
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof operations

export const operationNames = Object.keys(operations) as OperationName[]

/** Calls an operation by its name, with a request that need not be one. */
export function call(client: FlexibleIpClient, name: OperationName, request: unknown, options?: CallOptions): Promise<unknown> {
  const methods = client as unknown as Record<OperationName, (request: unknown, options?: CallOptions) => Promise<unknown>>
  return methods[name](request, options)
}
