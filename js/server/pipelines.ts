// The responses that connections of node:http wait for, and the order of their work. A client may send its next requests
// before it has a response.
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * The newest response of each connection: all before it are sent first. While the server closes, a connection ends
 * with its newest response, and not with an earlier one: the work for those behind it may be done.
 */
export class Pipelines {
  readonly #server: Server
  readonly #newest = new Map<Socket, ServerResponse>()
  /** The connections that end with a response that was made already. */
  readonly #closing = new WeakSet<Socket>()
  /** Settles when the work of all requests that a connection sent so far has begun. Absent if it has. */
  readonly #turns = new WeakMap<Socket, Promise<unknown>>()

  constructor(server: Server) {
    this.#server = server
    const closeIdle = server.closeIdleConnections.bind(server)
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
    if (!this.#newest.has(socket)) socket.once('close', () => this.#newest.delete(socket))
    this.#newest.set(socket, response)
    return true
  }

  /**
   * Does the work of a request, once its body is there and the work of all earlier requests of its connection has begun:
   * node:http reports a request before its body, and those behind it meanwhile. Responses that wait hold up no work.
   */
  inTurn<Body, Result>({ req: { socket } }: ServerResponse, body: Body | Promise<Body>, work: (body: Body) => Result | Promise<Result>): Result | Promise<Result> {
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

  /** Whether the connection ends with this response. If so, no later request of it is accepted. */
  endsWith(response: ServerResponse): boolean {
    const { socket } = response.req
    const isLast = !this.#server.listening && this.#newest.get(socket) === response
    if (isLast) this.#closing.add(socket)
    return isLast
  }
}
