// Requests that a listener refuses because no `Request` can be made of them. The proxy behind it notes them in its audit.

/** A request as it was sent. */
export interface UnreadableRequest {
  readonly method: string
  readonly target: string
}

type Note = (request: UnreadableRequest) => Promise<void>

// A property under a symbol of the whole realm: the ES module and the CommonJS file of the package can meet.
const noted = Symbol.for('flexip/proxy noteUnreadable')

/** Has a proxy receive the requests that a listener refuses. */
export function receiveUnreadable(proxy: object, note: Note): void {
  Object.defineProperty(proxy, noted, { value: note })
}

/** Has the proxy note a request that was refused. Any other function receives nothing. */
export async function noteUnreadable(proxy: object, request: UnreadableRequest): Promise<void> {
  await (proxy as Readonly<Record<typeof noted, Note | undefined>>)[noted]?.(request)
}
