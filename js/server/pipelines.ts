// The responses that connections of node:http wait for, and the order of their work. A client may send its next requests
// before it has a response.
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** The statuses with which node:http refuses requests that it cannot read, by the code of its error. All others are 400. */
const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, HPE_CHUNK_EXTENSIONS_OVERFLOW: 413, ERR_HTTP_REQUEST_TIMEOUT: 408 }

/**
 * The newest response of each connection: all before it are sent first. While the server closes, a connection ends
 * with its newest response, and not with an earlier one: the work for those behind it may be done.
 */
export class Pipelines {
  readonly #server: Server
  readonly #newest = new Map<Socket, ServerResponse>()
  /** The response before one, if it was not sent yet when the request arrived. */
  readonly #before = new WeakMap<ServerResponse, ServerResponse>()
  /** The connections that end with a response that was made already. */
  readonly #closing = new WeakSet<Socket>()
  /** Settles when the work of all requests that a connection sent so far has begun. Absent if it has. */
  readonly #turns = new WeakMap<Socket, Promise<unknown>>()

  constructor(server: Server) {
    this.#server = server
    const closeIdle = server.closeIdleConnections.bind(server)
    server.on('clientError', this.#refuse)
    // Node takes a connection for idle once its response is complete, though it may not be sent yet, and others
    // behind it neither. `close` of the server calls this method too.
    server.closeIdleConnections = () => {
      if ([...this.#newest.values()].every((response) => response.writableFinished)) closeIdle()
    }
  }

  /** Takes the response of a request that has arrived. Returns whether it may be sent: no work may be done for a request whose response would not be. */
  accept(response: ServerResponse): boolean {
    const { socket } = response.req
    if (this.#closing.has(socket)) return false
    const before = this.#newest.get(socket)
    if (!before) socket.once('close', () => this.#newest.delete(socket))
    else if (!before.writableFinished) this.#before.set(response, before)
    this.#newest.set(socket, response)
    return true
  }

  /**
   * Does the work of a request, once its body is there and the work of all earlier requests of its connection has begun:
   * node:http reports a request before its body, and those behind it meanwhile. Responses that wait hold up no work.
   */
  inTurn<Body, Result>({ req: { socket } }: ServerResponse, body: Body | Promise<Body>, work: (body: Body) => Result): Result | Promise<Result> {
    const before = this.#turns.get(socket)
    if (!before && !(body instanceof Promise)) return work(body)
    const turn = Promise.allSettled([body, before])
    this.#turns.set(socket, turn)
    return turn.then(([received]) => {
      if (this.#turns.get(socket) === turn) this.#turns.delete(socket)
      if (received.status === 'rejected') throw received.reason
      return work(received.value)
    })
  }

  /** Refuses a request that node:http cannot read, once the responses to all before it are sent: node:http would end the connection at once. */
  readonly #refuse = (error: Error & { code?: string }, socket: Duplex): void => {
    const newest = this.#newest.get(socket as Socket)
    // The request may be refused for its body, after it was accepted. Then only the responses before its own are waited for.
    const isWithin = newest !== undefined && !newest.req.complete
    const last = isWithin ? this.#before.get(newest) : newest
    const end = (): void => {
      const status = statuses[error.code ?? ''] ?? 400
      if (socket.writable && !(isWithin && newest.headersSent)) socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`)
      ;(socket as Socket).destroySoon()
    }
    if (!last || !socket.writable) end()
    else if (!last.writableFinished) last.once('finish', end)
    // node:http may still have to end the connection with that response.
    else setImmediate(end)
  }

  /** Whether the connection ends with this response. If so, no later request of it is accepted. */
  endsWith(response: ServerResponse): boolean {
    const { socket } = response.req
    const isLast = !this.#server.listening && this.#newest.get(socket) === response
    if (isLast) this.#closing.add(socket)
    return isLast
  }
}
