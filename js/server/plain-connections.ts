// Connections on which every request so far was a plain one. They are served without the objects of node:http, which
// take longer than the emulator. From the first other request on, a connection is one of node:http.
import { STATUS_CODES, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { EmulatorHost, RawResponse } from '../emulator/host.js'
import type { Access } from './access.js'
import type { BodyBudget } from './body.js'
import { failureMessage } from './delivery.js'
import { type PlainLimits, type PlainRequest, readPlainRequest } from './plain-request.js'

interface Parts {
  server: Server
  host: EmulatorHost
  access: Access
  limits: PlainLimits
  /** How long a connection may be open before its first request, and between two. */
  headMs: number
  keepAliveMs: number
  /** What the bodies that node:http receives leave. */
  bodies: BodyBudget
  /** Resolves when the inputs so far are on disk. Returns `undefined` if nothing has to be waited for. */
  whenDurable: () => Promise<void> | undefined
}

interface SharedParts extends Parts {
  open: Set<PlainConnection>
  serveByHttp: (socket: Socket) => void
}

/** The plain connections of a server. It takes each new connection before node:http does. */
export class PlainConnections {
  readonly #open = new Set<PlainConnection>()

  constructor(parts: Parts) {
    const { server } = parts
    const listeners = server.listeners('connection')
    server.removeAllListeners('connection')
    const serveByHttp = (socket: Socket): void => listeners.forEach((listener) => void Reflect.apply(listener, server, [socket]))
    const shared = { ...parts, open: this.#open, serveByHttp }
    server.on('connection', (socket) => this.#open.add(new PlainConnection(socket, shared)))
  }

  /** Closes the connections that wait for a request. */
  closeIdle(): void {
    for (const connection of this.#open) if (connection.isIdle) connection.close()
  }

  closeAll(): void {
    for (const connection of this.#open) connection.close()
  }
}

class PlainConnection {
  readonly #socket: Socket
  readonly #parts: SharedParts
  /** A value of `Host` that was allowed. */
  #allowedHost: string | undefined
  /** Whether a request is being answered: its response may wait for the disk. */
  #isBusy = false
  /** What arrived meanwhile. */
  #early: Buffer | undefined
  #hasEnded = false

  constructor(socket: Socket, parts: SharedParts) {
    this.#socket = socket
    this.#parts = parts
    socket.setTimeout(parts.headMs)
    socket.on('data', this.#onData).on('end', this.#onEnd).on('timeout', this.#onTimeout).on('error', this.#onError).on('close', this.#onClose)
  }

  /** Whether it has no request. */
  get isIdle(): boolean {
    return !this.#isBusy
  }

  close(): void {
    this.#socket.destroy()
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#isBusy) {
      this.#socket.pause()
      this.#early = bytes
      return
    }
    const request = this.#read(bytes)
    if (request) this.#serve(request)
    else this.#handOver(bytes)
  }

  readonly #onEnd = (): void => {
    this.#hasEnded = true
    if (!this.#isBusy) this.#socket.end()
  }

  readonly #onTimeout = (): void => {
    if (this.#isBusy) return
    if (this.#allowedHost === undefined) this.#socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
    this.#socket.destroy()
  }

  readonly #onError = (): void => {
    this.#socket.destroy()
  }

  readonly #onClose = (): void => {
    this.#parts.open.delete(this)
  }

  /** Reads a request that can be served here: not one that faults may act on, nor one of a client that reads too slowly. */
  #read(bytes: Buffer): PlainRequest | undefined {
    const { server, host, access, limits, bodies } = this.#parts
    if (host.hasFaults || !server.listening || this.#socket.writableLength > 0) return undefined
    const request = readPlainRequest(bytes, limits)
    if (!request || !bodies.hasRoomFor(request.body.length) || (request.host !== this.#allowedHost && !access.allowsHost(request.host))) return undefined
    if (this.#allowedHost === undefined) this.#socket.setTimeout(this.#parts.keepAliveMs)
    this.#allowedHost = request.host
    return request
  }

  #serve({ method, target, head, body }: PlainRequest): void {
    this.#isBusy = true
    try {
      const response = this.#parts.host.handle(method, target, head, body)
      const durable = this.#parts.whenDurable()
      if (!durable) return this.#send(response)
      durable.then(
        () => this.#send(response),
        (error: unknown) => this.#send(failure(error)),
      )
    } catch (error) {
      this.#send(failure(error))
    }
  }

  #send(response: RawResponse): void {
    const isLast = this.#hasEnded || !this.#parts.server.listening
    this.#isBusy = false
    if (this.#socket.destroyed) return
    this.#socket.write(textOf(response, isLast, this.#parts.keepAliveMs), 'latin1')
    if (isLast) this.#socket.destroySoon()
    else if (this.#early) this.#handOver(this.#early)
  }

  /** Lets node:http serve the connection from these bytes on. */
  #handOver(bytes: Buffer): void {
    const socket = this.#socket
    socket.pause()
    socket.setTimeout(0)
    socket.off('data', this.#onData).off('end', this.#onEnd).off('timeout', this.#onTimeout).off('error', this.#onError).off('close', this.#onClose)
    this.#onClose()
    socket.unshift(bytes)
    this.#parts.serveByHttp(socket)
    socket.resume()
  }
}

/** A response as node:http sends it. One string is one write. */
function textOf({ status, head, body }: RawResponse, isLast: boolean, keepAliveMs: number): string {
  const lines = latin1(head).split('\n')
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`
  for (let line = 0; line + 1 < lines.length; line += 2) text += `${lines[line]}: ${lines[line + 1]}\r\n`
  if (isLast) text += 'Connection: close\r\n'
  if (status !== 204) text += `Content-Length: ${body.length}\r\n`
  if (!isLast) text += `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n`
  return status === 204 ? `${text}\r\n` : `${text}\r\n${latin1(body)}`
}

function failure(error: unknown): RawResponse {
  const head = Buffer.from(`Content-Type\napplication/json\nDate\n${new Date().toUTCString()}`)
  return { status: 500, head, body: Buffer.from(JSON.stringify({ message: failureMessage(error) })), delayMs: 0, dropped: false, cut: false }
}

function latin1({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('latin1')
}
