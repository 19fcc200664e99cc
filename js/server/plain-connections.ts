// Connections on which every request so far was a plain one. They are served without the objects of node:http, which
// take longer than the emulator. From the first other request on, a connection is one of node:http.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { EmulatorHost } from '../emulator/host.js'
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
  keepAliveS: number
  response: LatestResponse
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
    const shared = { ...parts, open: this.#open, keepAliveS: Math.floor(parts.keepAliveMs / 1000), response: new LatestResponse(), serveByHttp }
    server.on('connection', (socket) => this.#open.add(new PlainConnection(socket, shared)))
  }

  /** Closes the connections that wait for a request, each once its last response is sent. */
  closeIdle(): void {
    for (const connection of this.#open) connection.endIfIdle()
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
  /** Whether no more requests are served here. */
  #isClosing = false

  constructor(socket: Socket, parts: SharedParts) {
    this.#socket = socket
    this.#parts = parts
    socket.setTimeout(parts.headMs)
    socket.on('data', this.#onData).on('end', this.#onEnd).on('timeout', this.#onTimeout).on('error', this.#onError).on('close', this.#onClose)
  }

  endIfIdle(): void {
    if (!this.#isBusy) this.#end()
  }

  /** Closes the connection once what was written is sent. */
  #end(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#socket.destroySoon()
  }

  close(): void {
    this.#socket.destroy()
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#isClosing) return
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
    if (!this.#isBusy) this.#end()
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

  #serve(request: PlainRequest): void {
    const { host, keepAliveS, response, whenDurable } = this.#parts
    this.#isBusy = true
    try {
      host.answerPlain(request, keepAliveS, response)
      const { text } = response
      const durable = whenDurable()
      if (!durable) return this.#send(text)
      durable.then(
        () => this.#send(text),
        (error: unknown) => this.#send(failure(error, keepAliveS)),
      )
    } catch (error) {
      this.#send(failure(error, keepAliveS))
    }
  }

  /** Sends a response, as a string: that is one write. */
  #send(text: string): void {
    // A request that has arrived meanwhile gets its response too.
    const isLast = this.#hasEnded || (!this.#parts.server.listening && !this.#early)
    this.#isBusy = false
    if (this.#socket.destroyed) return
    this.#socket.write(isLast ? text.replace(keepAlive(this.#parts.keepAliveS), 'Connection: close\r\n') : text, 'latin1')
    if (isLast) this.#end()
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

/** The latest response of the core. It copies the bytes, which change with the next call. */
class LatestResponse {
  text = ''

  take(_status: number, _bodyAt: number, { buffer, byteOffset, length }: Uint8Array): void {
    this.text = Buffer.from(buffer, byteOffset, length).toString('latin1')
  }
}

/** What a response has for a connection that stays open. */
function keepAlive(seconds: number): string {
  return `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n`
}

function failure(error: unknown, keepAliveS: number): string {
  const body = Buffer.from(JSON.stringify({ message: failureMessage(error) })).toString('latin1')
  return `HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: ${body.length}\r\n${keepAlive(keepAliveS)}\r\n${body}`
}
