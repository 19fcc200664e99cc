// Requests by node:http: `fetch` sends no body with GET, and does not show how a connection broke.
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, type RequestOptions, request } from 'node:http'
import { connect } from 'node:net'

export interface ReceivedResponse {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** Whether the body broke off. */
  cut: boolean
}

/** Sends a request, with the User-Agent of a program. Rejects when the connection breaks before the response. */
export function send(url: string, { body, headers, ...options }: RequestOptions & { headers?: OutgoingHttpHeaders | undefined; body?: string | undefined } = {}): Promise<ReceivedResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, headers: { 'User-Agent': 'flexip-tests', ...headers } }, (response) => {
      const parts: Buffer[] = []
      const end = (cut: boolean) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts), cut })
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => end(!response.complete))
      response.on('error', () => end(true))
    })
    sent.on('error', reject)
    if (body !== undefined) sent.setHeader('Content-Length', Buffer.byteLength(body))
    sent.end(body)
  })
}

/** Sends a text unchanged. Resolves with everything that is received until the connection ends. */
export function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let received = ''
    socket.on('data', (part) => (received += part.toString()))
    socket.on('error', reject)
    socket.on('close', () => resolve(received))
  })
}
