// Writes responses to a connection, and applies the faults of delivery: drops, resets, cuts, drips.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { dripBody } from '../emulator/body-drip.js'
import type { Clock } from '../emulator/clock.js'
import type { RawResponse } from '../emulator/host.js'
import { EmulatorTrapError } from '../errors/index.js'
import { hasNoBody, rawHeader } from './body.js'
import { piecesOf } from './pieces.js'
import { StateError } from './store/error.js'

const exposedHeaders = 'Date, Retry-After, Server, X-Envoy-Ratelimited, X-Request-Id'

/** Returns the CORS headers for a request of a page. The service sends none, but a page could not read a response without them. */
export function corsHeaders(request: IncomingMessage): string[] {
  if (rawHeader(request, 'origin') === undefined) return []
  return ['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', exposedHeaders]
}

/** Answers a CORS preflight. Every method and every header is allowed. */
export function sendPreflight(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, [
    ...corsHeaders(request),
    ...['Access-Control-Allow-Methods', 'GET, POST, PATCH, PUT, DELETE'],
    ...['Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*'],
    ...(request.headers['access-control-request-private-network'] ? ['Access-Control-Allow-Private-Network', 'true'] : []),
    ...['Access-Control-Max-Age', '7200', 'Vary', 'Origin, Access-Control-Request-Headers'],
  ])
  response.end()
}

/** Sends a response of the emulator, as its faults say. `isClosing`: the connection ends with this response. */
export function deliver(raw: RawResponse, request: IncomingMessage, response: ServerResponse, { isClosing, clock }: { isClosing: boolean; clock: Clock }): Promise<void> | undefined {
  if (raw.dropped) {
    response.destroy()
    return undefined
  }
  if (raw.reset) {
    request.socket.resetAndDestroy()
    return undefined
  }
  const head = latin1(raw.head)
  const headers = head === '' ? [] : head.split('\n')
  // The response of a fault may have such headers too.
  if (!/^access-control-allow-origin$/im.test(head)) headers.push(...corsHeaders(request))
  // The emulator sets Date, from its clock.
  response.sendDate = false
  const body = raw.gzip ? gzipSync(raw.body) : raw.body
  const { length } = body
  if (raw.cut) {
    // Content-Length promises one byte more than is sent.
    response.writeHead(raw.status, [...headers, 'Content-Length', String(length + 1)])
    response.write(raw.body, () => response.destroy())
    return undefined
  }
  // Without a Content-Length, Node sends the body in chunks.
  if (raw.status !== 204 && !raw.chunked) headers.push('Content-Length', String(length))
  if (isClosing) headers.push('Connection', 'close')
  response.writeHead(raw.status, headers)
  const { pieces, overMs } = raw
  if (pieces !== undefined && overMs !== undefined) {
    const drip = (signal: AbortSignal) => writePieces(response, dripBody(raw.body, { pieces, overMs }, clock, signal))
    return untilClosed(response, drip)
  }
  // Node sends a string together with the head, in one write. Bytes would take a second write.
  response.end(latin1(body), 'latin1')
  return undefined
}

function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1')
}

/** Runs `act` with a signal that aborts when the client closes the connection. */
export async function untilClosed(response: ServerResponse, act: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const closed = new AbortController()
  const onClose = () => closed.abort()
  response.once('close', onClose)
  await act(closed.signal).catch((error: unknown) => {
    if (!closed.signal.aborted) throw error
  })
  response.off('close', onClose)
}

async function writePieces(response: ServerResponse, pieces: AsyncGenerator<Uint8Array, void>): Promise<void> {
  // The client receives the head before the first piece.
  response.flushHeaders()
  for await (const piece of pieces) response.write(piece)
  response.end()
}

/** Sends a response of the server itself, in the format of the API. */
export function sendJson(request: IncomingMessage, response: ServerResponse, status: number, body?: unknown): void {
  send(request, response, status, body, corsHeaders(request))
}

/** Sends JSON that is text already, however long: as bytes it is never there as a whole. */
export async function sendText(request: IncomingMessage, response: ServerResponse, text: string): Promise<void> {
  response.writeHead(200, [...corsHeaders(request), 'Content-Length', String(Buffer.byteLength(text)), 'Content-Type', 'application/json'])
  await pipeline(Readable.from(piecesOf(text), { highWaterMark: 1 }), response)
}

/** Refuses a request. A page of another origin cannot read it, and the connection ends if a part of the request is unread. */
export function sendRefusal(request: IncomingMessage, response: ServerResponse, status: number, body: { message: string; type?: string }): void {
  send(request, response, status, body, [])
}

/** The message of a response with status 500. An error that is not expected is logged. */
export function failureMessage(error: unknown): string {
  if (error instanceof StateError || error instanceof EmulatorTrapError) return error.message
  console.error(error)
  return 'internal error'
}

function send(request: IncomingMessage, response: ServerResponse, status: number, body: unknown, cors: string[]): void {
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = [...cors, 'Content-Length', String(Buffer.byteLength(text))]
  if (text !== '') headers.push('Content-Type', 'application/json')
  // The rest of an unread body would be parsed as the next request.
  if (!request.complete && !hasNoBody(request)) headers.push('Connection', 'close')
  response.writeHead(status, status === 204 ? cors : headers)
  response.end(text)
}
