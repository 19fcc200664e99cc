/** What every error of this library says about itself. */
interface FailureContext {
    /** A stable word for programs; the API's own `type` where it has one. */
    code: string;
    /** The operation that was called: the name of the client's method. */
    operation?: string;
    /** The HTTP method of the request that failed, if one was made. */
    method?: string;
    /** The URL of that request. It never holds a secret. */
    url?: string;
    /** The HTTP status of the response, if there was one. */
    status?: number;
    /** The response's `X-Request-Id`: what Scaleway's support asks for. */
    requestId?: string;
    /** How many attempts of the operation’s own request were made. 0 if none was. The message of one that failed before it was sent begins with "not sent". */
    attempts: number;
    /** Whether the same request could succeed later without any change. */
    retryable: boolean;
    /** The parsed JSON body of the response, as it came. */
    body?: unknown;
}
/**
 * The base of every error that this library makes. A long message is cut. A field with much data, such as the
 * flexible IPs of a long list, is not enumerable: it can be read, and a console does not print it.
 */
declare class FlexipError extends Error implements FailureContext {
    /** The name of the class. Minifying does not change it. */
    static readonly name: string;
    readonly name: string;
    readonly code: string;
    readonly operation?: string;
    readonly method?: string;
    readonly url?: string;
    readonly status?: number;
    readonly requestId?: string;
    readonly attempts: number;
    readonly retryable: boolean;
    readonly body?: unknown;
    constructor(message: string, options?: {
        cause?: unknown;
    }, context?: Partial<FailureContext>);
}
/** Whether a value is an error of this library, also of another copy of it. Never throws. */
declare function isFlexipError(error: unknown): error is FlexipError;

/* tslint:disable */
/* eslint-disable */

/** An availability zone. Flexible IPs are sold in the six named ones; each can be attached in its own zone only. */
type Zone = 'fr-par-1' | 'fr-par-2' | 'nl-ams-1' | 'nl-ams-2' | 'pl-waw-2' | 'pl-waw-3' | (string & {});


/**
 * A problem with one argument of a request, in the shape of the API's own `invalid_arguments`.
 */
interface Problem {
    /**
     * The argument as the caller wrote it, with its index in a list: `fipsIds[1]`.
     */
    field: string;
    /**
     * The argument as the API writes it: `fips_ids`.
     */
    argumentName: string;
    /**
     * What is wrong: the argument is missing, malformed, not allowed, or does not exist.
     */
    reason: 'required' | 'format' | 'constraint' | 'unknown';
    /**
     * What was found and what is allowed.
     */
    helpMessage: string;
    /**
     * An error stops the request; a warning does not.
     */
    severity: 'error' | 'warning';
}

/**
 * A public IPv4 address or IPv6 /64 block. It belongs to a Project, and is attached to at most one server.
 */
interface FlexibleIP {
    /**
     * The id. It belongs to the address in the pool: after a delete, a later create can return the same
     * address with the same id.
     */
    id: string;
    /**
     * The id of the Organization that it belongs to.
     */
    organizationId: string;
    /**
     * The id of the Project that it belongs to.
     */
    projectId: string;
    /**
     * Free text.
     */
    description: string;
    /**
     * Free labels.
     */
    tags: string[];
    /**
     * When it was last written, to the millisecond; `exactTimes` gives the exact text.
     */
    updatedAt?: Date;
    /**
     * When the address was added to the pool, long before you created the flexible IP, to the
     * millisecond; `exactTimes` gives the exact text.
     */
    createdAt?: Date;
    /**
     * The status.
     */
    status: FlexibleIPStatus;
    /**
     * The address: IPv4 without a prefix (`195.154.148.225`), IPv6 as a block (`2001:bc8:702:6b7::/64`).
     */
    ipAddress: string;
    /**
     * The virtual MAC address, if it has one.
     */
    macAddress?: MACAddress;
    /**
     * The id of the server that it is attached to, or is being detached from. Absent otherwise, never null.
     */
    serverId?: string;
    /**
     * The reverse DNS name; empty if cleared. For an IPv6 block, that of its first address.
     */
    reverse: string;
    /**
     * The zone.
     */
    zone: Zone;
}

/**
 * A virtual MAC address. Flexible IPs that carry the same one are a MAC group.
 */
interface MACAddress {
    /**
     * The id of the MAC address, which its whole MAC group shares. It is not the id of a flexible IP.
     */
    id: string;
    /**
     * Six bytes in lower case, such as `52:54:00:12:34:56`.
     */
    macAddress: string;
    /**
     * The hypervisor that it is for.
     */
    macType: MACAddressType;
    /**
     * The status.
     */
    status: MACAddressStatus;
    /**
     * When it was last written, to the millisecond; `exactTimes` gives the exact text.
     */
    updatedAt?: Date;
    /**
     * When it was created, to the millisecond; `exactTimes` gives the exact text.
     */
    createdAt?: Date;
    /**
     * The zone.
     */
    zone: Zone;
}

/**
 * Asks for a new flexible IP. It is `ready` at once; with a server, `updating` until `attached`.
 */
interface CreateFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The Project of the new flexible IP; the client's `defaultProjectId` if absent.
     */
    projectId?: string;
    /**
     * Free text, at most 255 Unicode code points.
     */
    description?: string;
    /**
     * Free labels.
     */
    tags?: readonly string[];
    /**
     * A server of the same zone to attach it to.
     */
    serverId?: string;
    /**
     * The reverse DNS name, which must already resolve to the address.
     */
    reverse?: string;
    /**
     * Whether it is an IPv6 /64 block instead of an IPv4 address.
     */
    isIpv6?: boolean;
}

/**
 * Asks for one flexible IP.
 */
interface GetFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The id of the flexible IP.
     */
    fipId: string;
}

/**
 * Asks for one page of a zone's flexible IPs. Filters of different fields must all match.
 */
interface ListFlexibleIPsRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The order of the list.
     */
    orderBy?: ListFlexibleIPsRequestOrderBy;
    /**
     * The number of the page, from 1.
     */
    page?: number;
    /**
     * The size of a page, 1 to 100; the client's `defaultPageSize` if absent, else the service's 20.
     */
    pageSize?: number;
    /**
     * Only flexible IPs with any of these tags.
     */
    tags?: readonly string[];
    /**
     * Only flexible IPs with any of these statuses.
     */
    status?: readonly FlexibleIPStatus[];
    /**
     * Only flexible IPs on any of these servers.
     */
    serverIds?: readonly string[];
    /**
     * Only flexible IPs of this Organization.
     */
    organizationId?: string;
    /**
     * Only flexible IPs of this Project.
     */
    projectId?: string;
}

/**
 * Attaches one flexible IP, or all members of one MAC group, to a server of their zone.
 */
interface AttachFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The ids of the flexible IPs, at most 64. Several must be one MAC group.
     */
    fipsIds: readonly string[];
    /**
     * The id of the server.
     */
    serverId: string;
}

/**
 * Changes a flexible IP. An absent field stays as it is; an empty one is cleared.
 */
interface UpdateFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The id of the flexible IP.
     */
    fipId: string;
    /**
     * The new description, at most 255 Unicode code points.
     */
    description?: string;
    /**
     * The new tags, which replace all others.
     */
    tags?: readonly string[];
    /**
     * The new reverse DNS name, which must already resolve to the address.
     */
    reverse?: string;
}

/**
 * Deletes a flexible IP. One that is attached is detached first, which takes seconds.
 */
interface DeleteFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The id of the flexible IP.
     */
    fipId: string;
}

/**
 * Deletes the virtual MAC address of a flexible IP, which removes the IP from its MAC group.
 */
interface DeleteMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The id of the flexible IP, not of the MAC address.
     */
    fipId: string;
}

/**
 * Detaches one flexible IP, or all members of one MAC group. A member that is detached alone loses its
 * virtual MAC address.
 */
interface DetachFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The ids of the flexible IPs, at most 64. Several must be one MAC group.
     */
    fipsIds: readonly string[];
}

/**
 * Gives a flexible IP a new virtual MAC address, which removes it from its MAC group.
 */
interface GenerateMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The id of the flexible IP.
     */
    fipId: string;
    /**
     * The hypervisor: `vmware`, `xen` or `kvm`.
     */
    macType: MACAddressType;
}

/**
 * Gives a flexible IP the virtual MAC address of another on the same server. Both are then in one MAC
 * group.
 */
interface DuplicateMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The id of the flexible IP that gets the MAC address: the destination.
     */
    fipId: string;
    /**
     * The id of the flexible IP that has it: the source.
     */
    duplicateFromFipId: string;
}

/**
 * Moves the virtual MAC address of one flexible IP to another.
 */
interface MoveMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The id of the flexible IP that has the MAC address: the source.
     */
    fipId: string;
    /**
     * The id of the flexible IP that gets it: the destination.
     */
    dstFipId: string;
}

/**
 * One page of a list.
 */
interface ListFlexibleIPsResponse {
    /**
     * The number of flexible IPs on all pages.
     */
    totalCount: number;
    /**
     * The flexible IPs of this page.
     */
    flexibleIps: FlexibleIP[];
}

/**
 * The flexible IPs that are being attached. They are `updating`, and not on the server yet.
 */
interface AttachFlexibleIPsResponse {
    /**
     * The number of flexible IPs.
     */
    totalCount: number;
    /**
     * The flexible IPs.
     */
    flexibleIps: FlexibleIP[];
}

/**
 * The flexible IPs that are being detached. Those that were not attached are as they were.
 */
interface DetachFlexibleIPsResponse {
    /**
     * The number of flexible IPs.
     */
    totalCount: number;
    /**
     * The flexible IPs.
     */
    flexibleIps: FlexibleIP[];
}

/**
 * The hypervisor that a virtual MAC address is for.
 */
type MACAddressType = "unknown_type" | "vmware" | "xen" | "kvm";

/**
 * The order of a list. The date is that of the address in the pool, not that of its creation by you.
 */
type ListFlexibleIPsRequestOrderBy = "created_at_asc" | "created_at_desc";

/**
 * The status of a flexible IP. `updating` and `detaching` are transitions and end by themselves.
 */
type FlexibleIPStatus = "unknown" | "ready" | "updating" | "attached" | "error" | "detaching" | "locked";

/**
 * The status of a virtual MAC address. `updating` and `deleting` are transitions and end by themselves.
 */
type MACAddressStatus = "unknown" | "ready" | "updating" | "used" | "error" | "deleting";

/** An argument that was refused, before the request was sent or by the service. */
interface InvalidArgument extends Partial<Pick<Problem, 'field' | 'severity'>> {
    /** The argument as the API writes it: `fips_ids`. */
    argumentName: string;
    /** `required`, `format`, `constraint`, `unknown`, or another word of the service's. */
    reason: string;
    /** What was found and what is allowed. */
    helpMessage?: string;
}
/** The options cannot work, or WebAssembly cannot be compiled in this environment. */
declare class ConfigurationError extends FlexipError {
    static readonly name: string;
    readonly code = "configuration";
    /** Every option that was refused. */
    readonly details: readonly InvalidArgument[];
}

/** The request and the result of each operation. */
interface Operations {
    listFlexibleIPs: {
        request: ListFlexibleIPsRequest;
        result: ListFlexibleIPsResponse;
    };
    createFlexibleIP: {
        request: CreateFlexibleIPRequest;
        result: FlexibleIP;
    };
    getFlexibleIP: {
        request: GetFlexibleIPRequest;
        result: FlexibleIP;
    };
    updateFlexibleIP: {
        request: UpdateFlexibleIPRequest;
        result: FlexibleIP;
    };
    deleteFlexibleIP: {
        request: DeleteFlexibleIPRequest;
        result: void;
    };
    attachFlexibleIP: {
        request: AttachFlexibleIPRequest;
        result: AttachFlexibleIPsResponse;
    };
    detachFlexibleIP: {
        request: DetachFlexibleIPRequest;
        result: DetachFlexibleIPsResponse;
    };
    generateMACAddr: {
        request: GenerateMACAddrRequest;
        result: FlexibleIP;
    };
    deleteMACAddr: {
        request: DeleteMACAddrRequest;
        result: void;
    };
    duplicateMACAddr: {
        request: DuplicateMACAddrRequest;
        result: FlexibleIP;
    };
    moveMACAddr: {
        request: MoveMACAddrRequest;
        result: FlexibleIP;
    };
}
/** The name of an operation, which is the name of its method. */
type OperationName = keyof Operations;

/** An operation that a policy can allow: one of the 11, or reading Elastic Metal servers. */
type ProxyOperation = OperationName | 'listServers' | 'getServer';

/** One call: the caller, what was asked, and how it ended. It has no secret. */
interface ProxyAuditEvent {
    /** When the call ended. */
    at: Date;
    /** The `id` of the caller; absent if the call was refused before the caller was known. */
    caller?: string;
    /** The HTTP method. */
    method: string;
    /** The path, without its query. */
    path: string;
    /** The operation; absent for a path that is none. */
    operation?: ProxyOperation;
    /** The zone. */
    zone?: string;
    /** The ids of the flexible IPs that the call names. */
    fipIds: readonly string[];
    /** The id of the server that the call names. */
    serverId?: string;
    /** The id of the Project that a list or a create was limited to. */
    projectId?: string;
    /** `answered`: the status is the service's. `refused`: the proxy refused, and the call was not forwarded. `failed`: the proxy or the service gave no answer. */
    outcome: 'answered' | 'refused' | 'failed';
    /** The status of the response. */
    status: number;
    /** The service's `X-Request-Id`. */
    requestId?: string;
    /** Why the proxy refused or failed. */
    reason?: string;
    /** How long the call took, in milliseconds. */
    durationMs: number;
}

/** The part of Node's `IncomingMessage` that is used. */
interface NodeRequest extends AsyncIterable<Uint8Array> {
    readonly method?: string | undefined;
    readonly url?: string | undefined;
    /** Express cuts `url`; this is the whole. */
    readonly originalUrl?: string | undefined;
    readonly rawHeaders: readonly string[];
}
/** The part of Node's `ServerResponse` that is used. */
interface NodeResponse {
    writeHead(status: number, headers: Record<string, string>): unknown;
    end(body?: string): unknown;
    once(event: 'close', listener: () => void): unknown;
    readonly writableFinished: boolean;
}
/**
 * Makes a listener of `node:http` of a proxy. Express takes it as well, before any middleware that reads bodies.
 *
 * @example
 * import { createServer } from 'node:http'
 *
 * createServer(toNodeHandler(proxy)).listen(8080)
 */
declare function toNodeHandler(proxy: (request: Request) => Promise<Response>): (request: NodeRequest, response: NodeResponse) => Promise<void>;

/** What is allowed in some Projects: every one of the operations, in every one of the zones. */
interface ProxyGrant {
    /** The ids of the Projects. */
    projects: readonly string[];
    /** The zones. All if absent. */
    zones?: readonly string[] | undefined;
    /** The operations on flexible IPs. All if absent. */
    operations?: readonly OperationName[] | undefined;
    /** Whether the Elastic Metal servers of the Projects may be read. They can never be changed. `false` if absent. */
    servers?: boolean | undefined;
}
/** What a caller may do. What no grant allows is refused. */
interface ProxyPolicy {
    /** What is allowed. */
    grants: readonly ProxyGrant[];
    /** Refuses every operation that changes something, whatever the grants say. `false` if absent. */
    readOnly?: boolean | undefined;
}

/** A caller: what `authorize` returned, with any further fields. */
interface ProxyCaller {
    /** What names the caller in the audit and counts its requests. */
    readonly id: string;
}
/** Sends a request to the service: what `fetch` does. */
type ProxyFetch = (url: string, init: ProxyRequestInit) => Promise<Response>;
/** What the proxy passes to `fetch`. */
interface ProxyRequestInit {
    method: string;
    headers: Record<string, string>;
    body?: string;
    /** Redirections are not followed: they could carry the key to another host. */
    redirect: 'manual';
    /** Aborted when the service takes longer than `timeoutMs`. */
    signal: AbortSignal;
}
/** What a caller may use up. */
interface ProxyLimits {
    /** The largest body of a request, in bytes. 65,536 if absent. */
    bodyBytes?: number | undefined;
    /** The longest time that a body may take to arrive, in milliseconds. 10,000 if absent. */
    bodyMs?: number | undefined;
    /** How many requests a minute, which may come at once. 600 if absent. */
    requestsPerMinute?: number | undefined;
    /** How many requests at the same time. 50 if absent. */
    concurrency?: number | undefined;
}
/** The options of a proxy. */
interface ProxyOptions<Caller extends ProxyCaller> {
    /** The secret key, or a function that gives the key of a caller, so that the service's own permissions and audit stay true. No response contains it. */
    secretKey: string | ((caller: Caller) => string | Promise<string>);
    /**
     * Finds the caller of a request by its cookie or its `Authorization`; `undefined` refuses it with a 401. It must
     * not read the body.
     */
    authorize: (request: Request) => Caller | undefined | Promise<Caller | undefined>;
    /** What callers may do, or a function that gives the policy of a caller. */
    policy: ProxyPolicy | ((caller: Caller) => ProxyPolicy | Promise<ProxyPolicy>);
    /** The origins of the pages that may call, such as `https://console.example`: also the proxy's own. */
    origins: readonly string[];
    /**
     * Whether a request without `Origin` is refused, unless it reads from the same origin. `true` if absent. Set it to
     * `false` for scripts, and only if `authorize` uses no cookie.
     */
    requireOrigin?: boolean | undefined;
    /** Headers, besides `Accept` and `Content-Type`, that pages of other origins may send, such as `Authorization`. */
    allowHeaders?: readonly string[] | undefined;
    /** The path in front of the service's paths, such as `/api/scaleway`. None if absent. */
    basePath?: string | undefined;
    /** The address of the service. `https://api.scaleway.com` if absent. */
    baseUrl?: string | undefined;
    /** The `fetch` that sends requests to the service. If absent, the global one, which is read at each request. */
    fetch?: ProxyFetch | undefined;
    /** The longest time that the service may take for one request, in milliseconds. 30,000 if absent. */
    timeoutMs?: number | undefined;
    /** What callers may use up, or a function that gives the limits of a caller. */
    limits?: ProxyLimits | ((caller: Caller) => ProxyLimits) | undefined;
    /**
     * Whether the server of an attach or a create is read first, and refused if it belongs to a Project outside the policy.
     * `true` if absent. The key must then be allowed to read Elastic Metal servers.
     */
    checkServers?: boolean | undefined;
    /** Receives an event for each call. The response waits for its promise. What it throws is dropped. */
    onAudit?: ((event: ProxyAuditEvent) => void | Promise<void>) | undefined;
}

/**
 * Makes a handler that forwards requests of the Flexible IP API with a key that callers never see. What is forwarded is
 * built anew from what was checked. Throws a `ConfigurationError` that names every invalid option.
 *
 * @example
 * import { createProxy } from 'flexip/proxy'
 *
 * const proxy = createProxy({
 *   secretKey: process.env.SCW_SECRET_KEY,
 *   basePath: '/api/scaleway',
 *   origins: ['https://console.example'],
 *   authorize: (request) => findUser(request.headers.get('cookie')),
 *   policy: { grants: [{ projects: ['11111111-2222-4333-8444-555555555555'], zones: ['fr-par-1'] }] },
 * })
 */
declare function createProxy<Caller extends ProxyCaller>(options: ProxyOptions<Caller>): (request: Request) => Promise<Response>;

export { ConfigurationError, FlexipError, createProxy, isFlexipError, toNodeHandler };
export type { NodeRequest, NodeResponse, ProxyAuditEvent, ProxyCaller, ProxyFetch, ProxyGrant, ProxyLimits, ProxyOperation, ProxyOptions, ProxyPolicy };
