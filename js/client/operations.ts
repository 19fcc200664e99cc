// The 11 operations: the request, the result and the decoder of each.
import type * as core from '../../build/client/flexip.js'
import { flexibleIP, nothing, page } from '../results/decode.js'

/** The request and the result of each operation. */
export interface Operations {
  listFlexibleIPs: { request: core.ListFlexibleIPsRequest; result: core.ListFlexibleIPsResponse }
  createFlexibleIP: { request: core.CreateFlexibleIPRequest; result: core.FlexibleIP }
  getFlexibleIP: { request: core.GetFlexibleIPRequest; result: core.FlexibleIP }
  updateFlexibleIP: { request: core.UpdateFlexibleIPRequest; result: core.FlexibleIP }
  deleteFlexibleIP: { request: core.DeleteFlexibleIPRequest; result: void }
  attachFlexibleIP: { request: core.AttachFlexibleIPRequest; result: core.AttachFlexibleIPsResponse }
  detachFlexibleIP: { request: core.DetachFlexibleIPRequest; result: core.DetachFlexibleIPsResponse }
  generateMACAddr: { request: core.GenerateMACAddrRequest; result: core.FlexibleIP }
  deleteMACAddr: { request: core.DeleteMACAddrRequest; result: void }
  duplicateMACAddr: { request: core.DuplicateMACAddrRequest; result: core.FlexibleIP }
  moveMACAddr: { request: core.MoveMACAddrRequest; result: core.FlexibleIP }
}

/** The name of an operation, which is the name of its method. */
export type OperationName = keyof Operations

/** Decodes the response of each operation. */
export const decoders: { readonly [Name in OperationName]: (body: unknown) => Operations[Name]['result'] } = {
  listFlexibleIPs: page,
  createFlexibleIP: flexibleIP,
  getFlexibleIP: flexibleIP,
  updateFlexibleIP: flexibleIP,
  deleteFlexibleIP: nothing,
  attachFlexibleIP: page,
  detachFlexibleIP: page,
  generateMACAddr: flexibleIP,
  deleteMACAddr: nothing,
  duplicateMACAddr: flexibleIP,
  moveMACAddr: flexibleIP,
}

/** Makes an object with one entry for each operation. */
export function forEachOperation<T>(entry: (name: OperationName) => unknown): T {
  return Object.fromEntries(Object.keys(decoders).map((name) => [name, entry(name as OperationName)])) as T
}
