// An emulator on a port: requests and control calls over HTTP.
import { gunzipSync } from 'node:zlib'
import type { FlexibleIPStatus } from 'flexip'
import type { FaultRule, JournalEntry } from 'flexip/emulator'
import type { TestedEmulator } from '../../js/support/behaviours.js'
import { send } from './http.js'
import type { Ready } from './served.js'

export function remote({ url, secretKey, projectId, organizationId }: Omit<Ready, 'servers'>): TestedEmulator {
  let sent = 0
  const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    sent++
    const received = await send(`${url}${String(input)}`, {
      method: init.method ?? 'GET',
      headers: init.headers as Record<string, string>,
      ...(init.body !== undefined && { body: init.body as string }),
    }).catch((cause: unknown) => {
      throw new TypeError('fetch failed', { cause })
    })
    const headers = Object.entries(received.headers).map(([name, value]): [string, string] => [name, String(value)])
    // Decoded, as a `fetch` does.
    if (received.headers['content-encoding'] === 'gzip') received.body = gunzipSync(received.body)
    const body = new ReadableStream({
      start(stream) {
        if (received.body.length > 0) stream.enqueue(new Uint8Array(received.body))
      },
      // In `pull`, after the chunk was read: an error discards the unread chunks.
      pull: (stream) => (received.cut ? stream.error(new TypeError('terminated')) : stream.close()),
    })
    return new Response(received.status === 204 ? null : body, { status: received.status, headers })
  }
  const control = async (method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> => {
    const { status, body: bytes } = await send(`${url}/_emulator/${path}`, { method, body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body) })
    if (status >= 400 && status !== 404) throw new Error(bytes.toString())
    return { status, text: bytes.toString() }
  }
  return {
    secretKey,
    projectId,
    organizationId,
    fetch,
    addServer: async (server) => JSON.parse((await control('POST', 'servers', server)).text) as { id: string },
    removeServer: async (id) => (await control('DELETE', `servers/${id}`)).status === 204,
    advance: async (advanceMs) => void (await control('POST', 'clock', { advanceMs })),
    addFault: async (rule: FaultRule) => void (await control('POST', 'faults', rule)),
    forceStatus: async (fipId: string, status: FlexibleIPStatus) => (await control('PUT', 'status', { fipId, status })).status === 204,
    snapshot: async () => (await control('GET', 'snapshot')).text,
    restore: async (snapshot) => void (await control('PUT', 'snapshot', snapshot)),
    settled: async () => {
      for (;;) {
        const journal = JSON.parse((await control('GET', 'journal')).text) as JournalEntry[]
        if (journal.length >= sent) return
      }
    },
  }
}
