// Bodies as the service writes them.

export const fipId = '7c715b98-e683-493a-9e62-109d684e4348'
export const destinationId = '1c2efc8c-d423-453d-a445-33e41cd2ef32'
export const serverId = '5c7d9dd9-7f28-4db6-8436-e2da60fdf4a0'
export const projectId = '6f261b39-3845-5b1d-a2ec-b6f1ab835801'
export const macId = '994945b6-036d-4f46-8be4-7b0f1c119582'

export type Json = null | boolean | number | string | Json[] | { [field: string]: Json }
export type JsonObject = { [field: string]: Json }

/** A virtual MAC address. */
export function mac(fields: JsonObject = {}): JsonObject {
  return {
    created_at: '2026-02-25T13:57:00.184153690Z',
    id: macId,
    mac_address: '52:54:00:12:34:56',
    mac_type: 'kvm',
    status: 'ready',
    updated_at: '2026-02-25T13:57:00.184153690Z',
    zone: 'fr-par-1',
    ...fields,
  }
}

/** A flexible IP: all 13 fields, of which three are null. */
export function flexibleIp(fields: JsonObject = {}): JsonObject {
  return {
    created_at: '2024-08-28T11:35:44.473875Z',
    description: '',
    id: fipId,
    ip_address: '195.154.148.225',
    mac_address: null,
    organization_id: projectId,
    project_id: projectId,
    reverse: '195-154-148-225.rev.poneytelecom.eu.',
    server_id: null,
    status: 'ready',
    tags: [],
    updated_at: '2026-02-25T13:56:59.865625634Z',
    zone: 'fr-par-1',
    ...fields,
  }
}

/** A page of flexible IPs. */
export function page(...flexible_ips: JsonObject[]): JsonObject {
  return { total_count: flexible_ips.length, flexible_ips }
}
