// The responses that connections of node:http wait for. A client may send its next requests before it has a response.
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

  /** Whether the connection ends with this response. If so, no later request of it is accepted. */
  endsWith(response: ServerResponse): boolean {
    const { socket } = response.req
    const isLast = !this.#server.listening && this.#newest.get(socket) === response
    if (isLast) this.#closing.add(socket)
    return isLast
  }
}
