// Code moves over from the official SDK by changing an import: each type of the same name is
// assignable from the official one and to it. tsc checks it; nothing runs it.
import type { Flexibleipv1alpha1 as Official } from '@scaleway/sdk-flexibleip'
import type * as Ours from 'flexip'

/** `true`, or the two types that do not fit, for tsc to show. */
type Assignable<From, To> = [From] extends [To] ? true : { not: From; to: To }
type Both<Ours, Theirs> = Assignable<Ours, Theirs> & Assignable<Theirs, Ours>

type Every<Fits extends Record<string, true>> = keyof Fits

/** The types of the same name, which are the same both ways. */
export type Same = Every<{
  AttachFlexibleIPRequest: Both<Ours.AttachFlexibleIPRequest, Official.AttachFlexibleIPRequest>
  AttachFlexibleIPsResponse: Both<Ours.AttachFlexibleIPsResponse, Official.AttachFlexibleIPsResponse>
  DeleteFlexibleIPRequest: Both<Ours.DeleteFlexibleIPRequest, Official.DeleteFlexibleIPRequest>
  DeleteMACAddrRequest: Both<Ours.DeleteMACAddrRequest, Official.DeleteMACAddrRequest>
  DetachFlexibleIPRequest: Both<Ours.DetachFlexibleIPRequest, Official.DetachFlexibleIPRequest>
  DetachFlexibleIPsResponse: Both<Ours.DetachFlexibleIPsResponse, Official.DetachFlexibleIPsResponse>
  DuplicateMACAddrRequest: Both<Ours.DuplicateMACAddrRequest, Official.DuplicateMACAddrRequest>
  FlexibleIP: Both<Ours.FlexibleIP, Official.FlexibleIP>
  FlexibleIPStatus: Both<Ours.FlexibleIPStatus, Official.FlexibleIPStatus>
  GenerateMACAddrRequest: Both<Ours.GenerateMACAddrRequest, Official.GenerateMACAddrRequest>
  GetFlexibleIPRequest: Both<Ours.GetFlexibleIPRequest, Official.GetFlexibleIPRequest>
  ListFlexibleIPsRequest: Both<Ours.ListFlexibleIPsRequest, Official.ListFlexibleIPsRequest>
  ListFlexibleIPsRequestOrderBy: Both<Ours.ListFlexibleIPsRequestOrderBy, Official.ListFlexibleIPsRequestOrderBy>
  ListFlexibleIPsResponse: Both<Ours.ListFlexibleIPsResponse, Official.ListFlexibleIPsResponse>
  MACAddress: Both<Ours.MACAddress, Official.MACAddress>
  MACAddressStatus: Both<Ours.MACAddressStatus, Official.MACAddressStatus>
  MACAddressType: Both<Ours.MACAddressType, Official.MACAddressType>
  MoveMACAddrRequest: Both<Ours.MoveMACAddrRequest, Official.MoveMACAddrRequest>
  UpdateFlexibleIPRequest: Both<Ours.UpdateFlexibleIPRequest, Official.UpdateFlexibleIPRequest>
}>

/** The one difference on purpose: the API has defaults for `description` and `isIpv6`. (J12) */
type Optional = Partial<Pick<Official.CreateFlexibleIPRequest, 'description' | 'isIpv6'>> & Omit<Official.CreateFlexibleIPRequest, 'description' | 'isIpv6'>
export type Different = Every<{
  CreateFlexibleIPRequest: Both<Ours.CreateFlexibleIPRequest, Optional>
  OfficialIsOurs: Assignable<Official.CreateFlexibleIPRequest, Ours.CreateFlexibleIPRequest>
}>
// @ts-expect-error ours lacks what the official type demands
export type OursIsNotOfficial = Every<{ CreateFlexibleIPRequest: Assignable<Ours.CreateFlexibleIPRequest, Official.CreateFlexibleIPRequest> }>

/** No type of the official API is forgotten. */
type Exported = keyof { [Name in Same | 'CreateFlexibleIPRequest']: 0 }
type OfficialMethods = Extract<keyof Official.API, `${string}FlexibleIP${string}` | `${string}MACAddr`>
type Missing = Exclude<OfficialMethods, keyof Ours.FlexibleIpClient | 'pageOfListFlexibleIPs'>
export const everyMethodIsHere: [Missing] extends ['waitForFlexibleIP'] ? true : Missing = true
export const named: Exported = 'FlexibleIP'

/** A helper that was written for the official SDK takes this client's results, and the other way round. */
declare function show(ip: Official.FlexibleIP): string
declare function showOurs(ip: Ours.FlexibleIP): string
export async function use(client: Ours.FlexibleIpClient, api: Official.API): Promise<string[]> {
  const request: Official.CreateFlexibleIPRequest = { description: 'mail', isIpv6: false, zone: 'fr-par-1' }
  return [show(await client.createFlexibleIP(request)), showOurs(await api.createFlexibleIP(request))]
}
