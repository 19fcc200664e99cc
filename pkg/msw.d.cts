/** As much of MSW's `http` as is used. It is handed in, so that this package does not depend on MSW. */
interface MswHttp<Handler> {
    all(path: string, resolver: (info: {
        request: Request;
    }) => Promise<Response>): Handler;
}
/** As much of an emulator as is used. */
interface Fetchable {
    fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
}
/** What can be said of the handlers. */
interface HandlerOptions {
    /**
     * Where the code under test expects the API: an address, or in a page a path of its own origin, such
     * as `/scaleway`. `https://api.scaleway.com` if absent.
     */
    baseUrl?: string;
}
/**
 * Gives MSW's request handlers by which an emulator answers for the API.
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
