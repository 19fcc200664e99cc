// A proxy as a listener of Node's http server, and as a handler of Express.
import { noteUnreadable } from './unreadable.js'

/** The part of Node's `IncomingMessage` that is used. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  /** The method. */
  readonly method?: string | undefined
  /** The path and the query. */
  readonly url?: string | undefined
  /** Express cuts `url`; this is the whole. */
  readonly originalUrl?: string | undefined
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[]
}

/** The part of Node's `ServerResponse` that is used. */
export interface NodeResponse {
  /** Writes the status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown
  /** Writes the body, and ends. */
  end(body?: string): unknown
  /** Calls a listener when the connection is closed. */
  once(event: 'close', listener: () => void): unknown
  /** Whether all was sent. */
  readonly writableFinished: boolean
}

/**
 * Makes a listener of `node:http` of a proxy. Express takes it as well, before any middleware that reads bodies. What the
 * listener refuses is in the audit of the proxy, if `proxy` is the function that `createProxy` returned.
 *
 * @example
 * import { createServer } from 'node:http'
 *
 * createServer(toNodeHandler(proxy)).listen(8080)
 */
export function toNodeHandler(proxy: (request: Request) => Promise<Response>): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    try {
      const body = new BodyOf(incoming)
      const request = requestOf(incoming, outgoing, body)
      if (!request) await noteUnreadable(proxy, { method: incoming.method ?? 'GET', target: targetOf(incoming) })
      if (!request) return send(outgoing, 400, { 'Content-Type': 'application/json', Connection: 'close' }, '{"message":"the request cannot be read"}')
      const answer = await proxy(request)
      const headers = Object.fromEntries(answer.headers)
      // The unread rest of a body would keep the connection from its next request.
      send(outgoing, answer.status, body.hasRest ? { ...headers, Connection: 'close' } : headers, await answer.text())
    } catch {
      send(outgoing, 500, { 'Content-Type': 'application/json', Connection: 'close' }, '{"message":"internal error"}')
    }
  }
}

function send(outgoing: NodeResponse, status: number, headers: Record<string, string>, text: string): void {
  outgoing.writeHead(status, headers)
  outgoing.end(text)
}

function targetOf({ originalUrl, url }: NodeRequest): string {
  return originalUrl ?? url ?? ''
}

/** The request; `undefined` if its target or its headers are not those of a plain request. */
function requestOf(incoming: NodeRequest, outgoing: NodeResponse, body: BodyOf): Request | undefined {
  const { method = 'GET', rawHeaders } = incoming
  const target = targetOf(incoming)
  const headers = new Headers()
  try {
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
    // The host decides nothing, so that a false one harms nothing.
    const url = new URL(`http://proxy.invalid${target}`)
    // Neither another form of target, nor one that means another path than it says.
    if (!target.startsWith('/') || url.host !== 'proxy.invalid' || url.pathname !== target.split('?')[0]) return undefined
    const controller = new AbortController()
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) controller.abort()
    })
    const hasBody = headers.has('transfer-encoding') || (headers.get('content-length') ?? '0') !== '0'
    if (hasBody && (method === 'GET' || method === 'HEAD')) return undefined
    return new Request(url, { method, headers, signal: controller.signal, ...(hasBody && { body: body.stream(), duplex: 'half' }) } as RequestInit)
  } catch {
    return undefined
  }
}

/** The body of a request, as a stream. */
class BodyOf {
  readonly #incoming: NodeRequest
  /** Whether a part of the body was not read. */
  hasRest = false

  constructor(incoming: NodeRequest) {
    this.#incoming = incoming
  }

  stream(): ReadableStream<Uint8Array> {
    const parts = this.#incoming[Symbol.asyncIterator]()
    this.hasRest = true
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await parts.next()
        if (!done) return controller.enqueue(value)
        this.hasRest = false
        controller.close()
      },
    })
  }
}
