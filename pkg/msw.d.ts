/** The type of the platform, where the libraries of the compiler have it; else the part of it that is used. */
type OfPlatform<Name extends string, Else> = typeof globalThis extends {
    [Key in Name]: {
        prototype: infer Type;
    };
} ? Type : Else;
type PlatformHeaders = {
    get(name: string): string | null;
    has(name: string): boolean;
    forEach(each: (value: string, name: string) => void): void;
};
type PlatformAbortSignal = OfPlatform<'AbortSignal', {
    readonly aborted: boolean;
    readonly reason?: unknown;
    addEventListener(type: 'abort', listener: () => void): void;
    removeEventListener(type: 'abort', listener: () => void): void;
}>;
type PlatformRequest = OfPlatform<'Request', {
    readonly url: string;
    readonly method: string;
    readonly headers: PlatformHeaders;
    arrayBuffer(): Promise<ArrayBuffer>;
    text(): Promise<string>;
}>;
type PlatformResponse = OfPlatform<'Response', {
    readonly status: number;
    readonly ok: boolean;
    readonly headers: PlatformHeaders;
    arrayBuffer(): Promise<ArrayBuffer>;
    json(): Promise<unknown>;
    text(): Promise<string>;
}>;
type PlatformURL = OfPlatform<'URL', {
    readonly href: string;
}>;
type PlatformRequestInit = typeof globalThis extends {
    Request: infer Constructor extends new (...args: never) => unknown;
} ? NonNullable<ConstructorParameters<Constructor>[1]> : {
    method?: string | undefined;
    headers?: unknown;
    body?: unknown;
    signal?: PlatformAbortSignal | null | undefined;
};
/** The part of MSW's `http` that is used. The caller passes it in, so that this package does not depend on MSW. */
interface MswHttp<Handler> {
    /** Handles the requests of a path, with any method. */
    all(path: string, resolver: (info: {
        request: PlatformRequest;
    }) => Promise<PlatformResponse>): Handler;
}
/** The part of an emulator that is used. */
interface Fetchable {
    /** Responds to a request. */
    fetch(input: string | PlatformURL | PlatformRequest, init?: PlatformRequestInit): Promise<PlatformResponse>;
}
/** The options of the handlers. */
interface HandlerOptions {
    /**
     * Where the code under test sends its requests: a URL, or in a page a path of the page's origin, such as
     * `/scaleway`, or `/` for the origin alone. `https://api.scaleway.com` if absent.
     */
    baseUrl?: string | undefined;
}
/**
 * Returns the request handlers of MSW with which an emulator stands in for the API. Throws a `ConfigurationError` for an
 * argument with which no request would reach the emulator.
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
declare function flexibleIpHandlers<Handler>(http: MswHttp<Handler>, emulator: Fetchable, options?: HandlerOptions): Handler[];

export { flexibleIpHandlers };
export type { Fetchable, HandlerOptions, MswHttp };
