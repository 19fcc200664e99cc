/** The part of MSW's `http` that is used. The caller passes it in, so that this package does not depend on MSW. */
interface MswHttp<Handler> {
    all(path: string, resolver: (info: {
        request: Request;
    }) => Promise<Response>): Handler;
}
/** The part of an emulator that is used. */
interface Fetchable {
    fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
}
/** The options of the handlers. */
interface HandlerOptions {
    /**
     * Where the code under test sends its requests: a URL, or in a page a path of the page's origin, such as
     * `/scaleway`. `https://api.scaleway.com` if absent.
     */
    baseUrl?: string;
}
/**
 * Returns the request handlers of MSW with which an emulator stands in for the API.
 *
 * @example
 * import { http } from 'msw'
 * import { setupServer } from 'msw/node'
 * import { FlexibleIpEmulator } from 'flexip/emulator'
 * import { flexibleIpHandlers } from 'flexip/msw'
 *
 * const emulator = new FlexibleIpEmulator({ seed: 1 })
 * const server = setupServer(...flexibleIpHandlers(http, emulator))
 * server.listen({ onUnhandledRequest: 'error' })
 */
declare function flexibleIpHandlers<Handler>(http: MswHttp<Handler>, emulator: Fetchable, { baseUrl }?: HandlerOptions): Handler[];

export { flexibleIpHandlers };
export type { Fetchable, HandlerOptions, MswHttp };
