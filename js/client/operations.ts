// The 11 operations: the request, the result and the decoder of each.
import type * as core from '../../build/client/flexip.js'
import { flexibleIP, nothing, page } from '../results/decode.js'

/** The request and the result of each operation. */
export interface Operations {
  /** A page of the list. */
  listFlexibleIPs: { request: core.ListFlexibleIPsRequest; result: core.ListFlexibleIPsResponse }
  /** A new flexible IP. */
  createFlexibleIP: { request: core.CreateFlexibleIPRequest; result: core.FlexibleIP }
  /** A flexible IP as it is. */
  getFlexibleIP: { request: core.GetFlexibleIPRequest; result: core.FlexibleIP }
  /** A flexible IP with another description, reverse or other tags. */
  updateFlexibleIP: { request: core.UpdateFlexibleIPRequest; result: core.FlexibleIP }
  /** A flexible IP that is gone. */
  deleteFlexibleIP: { request: core.DeleteFlexibleIPRequest; result: void }
  /** Flexible IPs on their way to a server. */
  attachFlexibleIP: { request: core.AttachFlexibleIPRequest; result: core.AttachFlexibleIPsResponse }
  /** Flexible IPs on their way off a server. */
  detachFlexibleIP: { request: core.DetachFlexibleIPRequest; result: core.DetachFlexibleIPsResponse }
  /** A flexible IP with a new virtual MAC address. */
  generateMACAddr: { request: core.GenerateMACAddrRequest; result: core.FlexibleIP }
  /** A flexible IP without its virtual MAC address. */
  deleteMACAddr: { request: core.DeleteMACAddrRequest; result: void }
  /** A flexible IP with the virtual MAC address of another. */
  duplicateMACAddr: { request: core.DuplicateMACAddrRequest; result: core.FlexibleIP }
  /** The flexible IP that has the virtual MAC address now. */
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
