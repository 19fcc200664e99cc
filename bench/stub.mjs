// Responses without a network, so that the time of the client alone is measured.

const zone = 'fr-par-1'
const projectId = '6f261b39-3845-5b1d-a2ec-b6f1ab835801'

/** A flexible IP in the service's JSON, with all 13 fields. One with an even number is attached and has a virtual MAC address. */
export function record(number) {
  const attached = number % 2 === 0
  return {
    created_at: '2024-08-28T09:14:21.527909Z',
    description: `mail relay ${number}`,
    id: uuid(1, number),
    ip_address: `62.210.142.${number % 256}`,
    mac_address: attached ? mac(number) : null,
    organization_id: projectId,
    project_id: projectId,
    reverse: `62-210-142-${number % 256}.rev.poneytelecom.eu.`,
    server_id: attached ? uuid(2, number) : null,
    status: attached ? 'attached' : 'ready',
    tags: ['prod', `rack-${number % 8}`],
    updated_at: '2026-02-25T13:57:00.184154Z',
    zone,
  }
}

function mac(number) {
  return {
    created_at: '2026-02-25T13:57:00.184154Z',
    id: uuid(3, number),
    mac_address: `52:54:00:27:9c:${(number % 256).toString(16).padStart(2, '0')}`,
    mac_type: 'kvm',
    status: 'used',
    updated_at: '2026-02-25T13:57:02.310442Z',
    zone,
  }
}

function uuid(kind, number) {
  return `${kind}c715b98-e683-493a-9e62-${number.toString(16).padStart(12, '0')}`
}

const headers = { 'Content-Type': 'application/json', 'X-Request-Id': uuid(4, 0) }

/** A `fetch` that returns a new `Response` with the same JSON each time. */
export function responding(value) {
  const text = JSON.stringify(value)
  return async () => new Response(text, { status: 200, headers })
}

/** A `fetch` that responds to each URL with its own JSON. It throws for any other URL. */
export function respondingByUrl(values) {
  const texts = new Map(Object.entries(values).map(([url, value]) => [url, JSON.stringify(value)]))
  // The official SDK passes a Request.
  return async (input) => {
    const url = typeof input === 'string' ? input : input.url
    if (!texts.has(url)) throw new Error(`the stub has no response for ${url}`)
    return new Response(texts.get(url), { status: 200, headers })
  }
}

/** The account that the clients use with these responses. The key is not a real one. */
export const account = { zone, projectId, accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey: uuid(5, 0) }
