/** The type of the platform, where the libraries of the compiler have it; else the part of it that is used. */
type OfPlatform<Name extends string, Else> = typeof globalThis extends {
    [Key in Name]: {
        prototype: infer Type;
    };
} ? Type : Else;
type PlatformAbortSignal = OfPlatform<'AbortSignal', {
    readonly aborted: boolean;
    readonly reason?: unknown;
    addEventListener(type: 'abort', listener: () => void): void;
    removeEventListener(type: 'abort', listener: () => void): void;
}>;

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
 * A request that would be sent, without the credentials.
 */
interface BuiltRequest {
    /**
     * The HTTP method.
     */
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    /**
     * The whole URL.
     */
    url: string;
    /**
     * The headers, without the credentials.
     */
    headers: Record<string, string>;
    /**
     * The JSON body.
     */
    body?: string;
}

/**
 * A step of a move, as `dryRun` gives it.
 */
interface MoveStep {
    /**
     * The action of this step.
     */
    action: 'attach' | 'detach';
    /**
     * The ids of the MAC group, or the id of the one flexible IP.
     */
    fipsIds: string[];
    /**
     * The id of the server that they are attached to or detached from.
     */
    serverId?: string;
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
 * An address, or a block of addresses.
 */
interface ParsedIp {
    /**
     * 4 or 6.
     */
    family: 4 | 6;
    /**
     * The address in its shortest spelling, without the prefix.
     */
    address: string;
    /**
     * The number of bits of the prefix: 32 for an IPv4 flexible IP, 64 for an IPv6 one.
     */
    prefixLength: number;
    /**
     * The address as the service writes it: IPv4 without a prefix, IPv6 with one.
     */
    text: string;
}

/**
 * Asks for a new flexible IP. It is `ready` at once; with a server, `updating` until `attached`.
 */
interface CreateFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone | undefined;
    /**
     * The Project of the new flexible IP; the client's `defaultProjectId` if absent.
     */
    projectId?: string | undefined;
    /**
     * Free text, at most 255 Unicode code points.
     */
    description?: string | undefined;
    /**
     * Free labels.
     */
    tags?: readonly string[] | undefined;
    /**
     * A server of the same zone to attach it to.
     */
    serverId?: string | undefined;
    /**
     * The reverse DNS name, which must already resolve to the address.
     */
    reverse?: string | undefined;
    /**
     * Whether it is an IPv6 /64 block instead of an IPv4 address.
     */
    isIpv6?: boolean | undefined;
}

/**
 * Asks for one flexible IP.
 */
interface GetFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone | undefined;
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
    zone?: Zone | undefined;
    /**
     * The order of the list.
     */
    orderBy?: ListFlexibleIPsRequestOrderBy | undefined;
    /**
     * The number of the page, from 1.
     */
    page?: number | undefined;
    /**
     * The size of a page, 1 to 100; the client's `defaultPageSize` if absent, else the service's 20.
     */
    pageSize?: number | undefined;
    /**
     * Only flexible IPs with any of these tags.
     */
    tags?: readonly string[] | undefined;
    /**
     * Only flexible IPs with any of these statuses.
     */
    status?: readonly FlexibleIPStatus[] | undefined;
    /**
     * Only flexible IPs on any of these servers.
     */
    serverIds?: readonly string[] | undefined;
    /**
     * Only flexible IPs of this Organization.
     */
    organizationId?: string | undefined;
    /**
     * Only flexible IPs of this Project.
     */
    projectId?: string | undefined;
}

/**
 * Attaches one flexible IP, or all members of one MAC group, to a server of their zone.
 */
interface AttachFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone | undefined;
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
    zone?: Zone | undefined;
    /**
     * The id of the flexible IP.
     */
    fipId: string;
    /**
     * The new description, at most 255 Unicode code points.
     */
    description?: string | undefined;
    /**
     * The new tags, which replace all others.
     */
    tags?: readonly string[] | undefined;
    /**
     * The new reverse DNS name, which must already resolve to the address.
     */
    reverse?: string | undefined;
}

/**
 * Deletes a flexible IP. One that is attached is detached first, which takes seconds.
 */
interface DeleteFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone | undefined;
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
    zone?: Zone | undefined;
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
    zone?: Zone | undefined;
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
    zone?: Zone | undefined;
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
    zone?: Zone | undefined;
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
 * Moves flexible IPs to a server, wherever they are.
 */
interface EnsureAttachedRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone | undefined;
    /**
     * The ids of the flexible IPs, at most 64, with all members of each MAC group.
     */
    fipsIds: readonly string[];
    /**
     * The id of the target server.
     */
    serverId: string;
    /**
     * How a flexible IP leaves another server. `detach`, the default: it is detached, then attached.
     * `direct`: it is attached to the target without a detach; no recording shows that the service
     * allows this.
     */
    strategy?: 'detach' | 'direct' | undefined;
    /**
     * What becomes of what was detached and the target refuses. `return`, the default: it is attached
     * back to the server that it came from. `stay`: it stays on no server.
     */
    onRefusal?: 'return' | 'stay' | undefined;
    /**
     * Returns the steps and changes nothing.
     */
    dryRun?: boolean | undefined;
}

/**
 * Moves the flexible IPs of one server to another.
 */
interface FailoverRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone | undefined;
    /**
     * The id of the source server.
     */
    fromServerId: string;
    /**
     * The id of the target server.
     */
    toServerId: string;
    /**
     * The ids of the flexible IPs to move, at most 64, with all members of each MAC group: those that are
     * on the source or on no server. If absent, all flexible IPs of the source.
     */
    fipsIds?: readonly string[] | undefined;
    /**
     * How a flexible IP leaves its server. `detach`, the default: it is detached, then attached.
     * `direct`: it is attached to the target without a detach; no recording shows that the service
     * allows this.
     */
    strategy?: 'detach' | 'direct' | undefined;
    /**
     * What becomes of what was detached and the target refuses. `return`, the default: it is attached
     * back to the server that it came from. `stay`: it stays on no server.
     */
    onRefusal?: 'return' | 'stay' | undefined;
    /**
     * Returns the steps and changes nothing.
     */
    dryRun?: boolean | undefined;
}

/**
 * Moves the virtual MAC address of one flexible IP to another.
 */
interface MoveMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone | undefined;
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

/**
 * Waits for several flexible IPs of one zone.
 */
interface WaitForFlexibleIPsRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone | undefined;
    /**
     * The ids of the flexible IPs, any number of them.
     */
    fipsIds: readonly string[];
}

/** The request and the result of each operation. */
interface Operations {
    /** A page of the list. */
    listFlexibleIPs: {
        request: ListFlexibleIPsRequest;
        result: ListFlexibleIPsResponse;
    };
    /** A new flexible IP. */
    createFlexibleIP: {
        request: CreateFlexibleIPRequest;
        result: FlexibleIP;
    };
    /** A flexible IP as it is. */
    getFlexibleIP: {
        request: GetFlexibleIPRequest;
        result: FlexibleIP;
    };
    /** A flexible IP with another description, reverse or other tags. */
    updateFlexibleIP: {
        request: UpdateFlexibleIPRequest;
        result: FlexibleIP;
    };
    /** A flexible IP that is gone. */
    deleteFlexibleIP: {
        request: DeleteFlexibleIPRequest;
        result: void;
    };
    /** Flexible IPs on their way to a server. */
    attachFlexibleIP: {
        request: AttachFlexibleIPRequest;
        result: AttachFlexibleIPsResponse;
    };
    /** Flexible IPs on their way off a server. */
    detachFlexibleIP: {
        request: DetachFlexibleIPRequest;
        result: DetachFlexibleIPsResponse;
    };
    /** A flexible IP with a new virtual MAC address. */
    generateMACAddr: {
        request: GenerateMACAddrRequest;
        result: FlexibleIP;
    };
    /** A flexible IP without its virtual MAC address. */
    deleteMACAddr: {
        request: DeleteMACAddrRequest;
        result: void;
    };
    /** A flexible IP with the virtual MAC address of another. */
    duplicateMACAddr: {
        request: DuplicateMACAddrRequest;
        result: FlexibleIP;
    };
    /** The flexible IP that has the virtual MAC address now. */
    moveMACAddr: {
        request: MoveMACAddrRequest;
        result: FlexibleIP;
    };
}
/** The name of an operation, which is the name of its method. */
type OperationName = keyof Operations;

/** Reads a list. */
interface Lister {
    /** Reads the page that the request names. */
    page(): Promise<ListFlexibleIPsResponse>;
    /** Reads all pages, several at once. */
    all(): Promise<FlexibleIP[]>;
    /** Reads the pages one after another. A page leaves out the flexible IPs of the pages before it. */
    pages(): AsyncGenerator<ListFlexibleIPsResponse, void, undefined>;
}
/**
 * The flexible IPs of a zone. Awaited, it is one page. With `for await` it gives the flexible IPs of all
 * pages and reads a page at a time, so a `break` sends no further request.
 *
 * Over all pages, it gives each flexible IP once and misses none that existed throughout, as long as the
 * total shows each change: pages that do not agree are read again. If they still do not agree after a
 * bounded number of requests, it rejects with an `IncompleteListError`, which has what was read. An awaited
 * page says nothing about the other pages.
 */
declare class Listing implements Promise<ListFlexibleIPsResponse>, AsyncIterable<FlexibleIP> {
    constructor(lister: Lister);
    /** The pages, one after another. */
    pages(): AsyncGenerator<ListFlexibleIPsResponse, void, undefined>;
    /** Reads all flexible IPs. Four pages are read at a time, of 100 flexible IPs unless `pageSize` is set. */
    all(): Promise<FlexibleIP[]>;
    /** Iterates over the flexible IPs of all pages. */
    [Symbol.asyncIterator](): AsyncGenerator<FlexibleIP, void, undefined>;
    then<T = ListFlexibleIPsResponse, E = never>(onPage?: ((page: ListFlexibleIPsResponse) => T | PromiseLike<T>) | null, onFailure?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<T | E>;
    catch<E = never>(onFailure?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<ListFlexibleIPsResponse | E>;
    finally(onEnd?: (() => void) | null): Promise<ListFlexibleIPsResponse>;
    /** What a promise needs to be one. */
    get [Symbol.toStringTag](): string;
}

/** The codes of errors: stable words for programs; the API's own `type` where it has one. */
type ErrorCode = 'aborted' | 'already_exists' | 'ambiguous_result' | 'configuration' | 'conflict' | 'connection' | 'decode' | 'denied_authentication' | 'emulator_trap' | 'error' | 'expired' | 'incomplete' | 'incomplete_list' | 'internal_error' | 'invalid_arguments' | 'locked' | 'not_found' | 'out_of_stock' | 'permissions_denied' | 'precondition_failed' | 'quotas_exceeded' | 'request_timeout' | 'timeout' | 'too_many_requests' | 'transient_state' | 'unavailable' | 'unexpected_response' | 'wait';
/** The name of the method or function that was called. */
type CalledName = 'attachFlexibleIP' | 'createAndAttach' | 'createFlexibleIP' | 'deleteFlexibleIP' | 'deleteMACAddr' | 'detachFlexibleIP' | 'duplicateMACAddr' | 'ensureAttached' | 'failover' | 'findByIp' | 'generateMACAddr' | 'getFlexibleIP' | 'listAllZones' | 'listFlexibleIPs' | 'moveMACAddr' | 'updateFlexibleIP' | 'waitForFlexibleIP' | 'waitForFlexibleIPs' | 'waitUntilDeleted' | (string & {});
/** What every error of this library says about itself. */
interface FailureContext {
    /** A stable word for programs; the API's own `type` where it has one. */
    code: ErrorCode;
    /** The operation that was called: the name of the client's method. */
    operation?: CalledName;
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
    static get name(): string;
    /** The name of the class. */
    readonly name: string;
    /** A stable word for programs; the API's own `type` where it has one. */
    readonly code: ErrorCode;
    /** The operation that was called: the name of the client's method. */
    readonly operation?: CalledName;
    /** The HTTP method of the request that failed, if one was made. */
    readonly method?: string;
    /** The URL of that request. It never holds a secret. */
    readonly url?: string;
    /** The HTTP status of the response, if there was one. */
    readonly status?: number;
    /** The response's `X-Request-Id`: what Scaleway's support asks for. */
    readonly requestId?: string;
    /** How many attempts of the operation’s own request were made. 0 if none was. */
    readonly attempts: number;
    /** Whether the same request could succeed later without any change. */
    readonly retryable: boolean;
    /** The parsed JSON body of the response, as it came. */
    readonly body?: unknown;
    /** Whether a value is an error of this class, also of the same class in another copy of this library. */
    static [Symbol.hasInstance](value: unknown): boolean;
    constructor(message: string, options?: {
        cause?: unknown;
    }, context?: Partial<FailureContext>);
    /** What `JSON.stringify` writes: the name, the message and the enumerable fields. */
    toJSON(): Record<string, unknown>;
}

/** The flexible IPs of all zones, and the zones that could not be read. */
interface AllZones {
    /** The flexible IPs of the zones that were read whole. */
    flexibleIps: FlexibleIP[];
    /** The other zones, each with its error. */
    failures: {
        zone: Zone;
        error: FlexipError;
    }[];
}

/** An error, as an event names it. */
interface EventError {
    /** The `code` of the error. */
    code: string;
    /** The message of the error, without secrets. */
    message: string;
    /** Whether the same request could succeed later without any change. */
    retryable: boolean;
}
/** A request is about to be sent. */
interface RequestEvent {
    /** Which event this is. */
    type: 'request';
    /** The number of the call: the same in all events of one call of a method. */
    call: number;
    /** The operation of the API that is requested, or `getServer` of the Elastic Metal API. One call of the client may request several. */
    operation: string;
    /** The number of this attempt, from 1. */
    attempt: number;
    /** The number of this exchange: the same in the event of its request and in that of its end. A call can have several under way. */
    exchange: number;
    /** The HTTP method. */
    method: string;
    /** The URL of the request, without secrets. */
    url: string;
    /** The headers that hold no secret. */
    headers: Record<string, string>;
    /** The JSON of the request, if it has a body, without secrets. */
    body?: string;
}
/** An exchange ended, with a response or without one. */
interface ResponseEvent {
    /** Which event this is. */
    type: 'response';
    /** The number of the call: the same in all events of one call of a method. */
    call: number;
    /** The operation that was requested. */
    operation: string;
    /** The number of this attempt, from 1. */
    attempt: number;
    /** The number of this exchange: the same in the event of its request and in that of its end. A call can have several under way. */
    exchange: number;
    /** The HTTP method. */
    method: string;
    /** The URL of the request, without secrets. */
    url: string;
    /** `aborted`: the call ended before its response, by an abort, its total timeout or another request that failed. */
    outcome: 'answered' | 'broken' | 'timedOut' | 'aborted';
    /** From the sending to the end, in milliseconds. */
    durationMs: number;
    /** The status of the response, if one came. */
    status?: number;
    /** The response's `X-Request-Id`. */
    requestId?: string;
    /** The headers of the response that hold no secret. */
    headers?: Record<string, string>;
}
/** An attempt failed, and a retry follows: of a step of a move, unless the next poll shows that it is done. */
interface RetryEvent {
    /** Which event this is. */
    type: 'retry';
    /** The number of the call: the same in all events of one call of a method. */
    call: number;
    /** The operation that was requested. */
    operation: string;
    /** How many attempts were made so far. */
    attempts: number;
    /** The time until the retry, in milliseconds. 0 if only the key was refused. */
    delayMs: number;
    /** What failed. */
    error: EventError;
}
/** A wait has polled, and its condition is not met yet. */
interface WaitEvent {
    /** Which event this is. */
    type: 'wait';
    /** The number of the call: the same in all events of one call of a method. */
    call: number;
    /** The number of flexible IPs that it still waits for. */
    pending: number;
    /** The id of one of them. */
    fipId?: string;
    /** The status of that one, if it was read. */
    status?: string;
    /** The time since the call began, in milliseconds. */
    elapsedMs: number;
    /** The time until the next poll, in milliseconds. */
    delayMs: number;
}
/** A poll failed, or a step of a move that is too late to send again. The next poll shows the state. */
interface PollFailedEvent {
    /** Which event this is. */
    type: 'pollFailed';
    /** The number of the call: the same in all events of one call of a method. */
    call: number;
    /** The time since the call began, in milliseconds. */
    elapsedMs: number;
    /** What failed. */
    error: EventError;
}
/** A step of `ensureAttached` or `failover`. */
interface StepEvent {
    /** Which event this is. */
    type: 'step';
    /** The number of the call: the same in all events of one call of a method. */
    call: number;
    /** What the step does. */
    action: 'attach' | 'detach';
    /** The ids of the MAC group, or the id of the one flexible IP. */
    fipsIds: string[];
    /** The server of the step. */
    serverId?: string;
    /** How far the step is. */
    progress: 'begun' | 'done' | 'failed';
    /** The time since the call began, in milliseconds. */
    elapsedMs: number;
}
/** What `onEvent` receives. */
type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | WaitEvent | PollFailedEvent | StepEvent;

/** Sends a request: what `fetch` does. */
type Fetch = (url: string, init: FetchInit) => Promise<FetchedResponse>;
/** What the client passes to `fetch`: plain strings and objects, so that any implementation can be used. */
interface FetchInit {
    /** The HTTP method. */
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    /** The headers, the credentials among them. */
    headers: Record<string, string>;
    /** The JSON of the request, if it has a body. */
    body?: string;
    /** Aborted when the call ends early: at its timeout, or when the caller's own signal is aborted. */
    signal?: PlatformAbortSignal;
    /** No response comes from a cache. Absent where the platform's `fetch` refuses the field. */
    cache?: 'no-store';
    /** Redirections are not followed: they could carry the key to another host. */
    redirect: 'manual';
}
/** The part of a `Response` that the client uses. */
interface FetchedResponse {
    /** The HTTP status. */
    readonly status: number;
    /** The headers; `get` takes a name in any case. */
    readonly headers: {
        get(name: string): string | null;
    };
    /** Reads the body. */
    text(): Promise<string>;
}

/** The options of a client. */
interface ClientOptions extends RequestDefaults {
    /**
     * The secret key of an API key, or a function that returns one and is called once more after a 401.
     * Required for requests to the service itself; a page should use a proxy that holds the key. No error,
     * event or log contains it.
     */
    secretKey?: string | (() => string | Promise<string>) | undefined;
    /** A session token (JWT), sent instead of the key or beside it. */
    sessionToken?: string | undefined;
    /** The `fetch` to use. If absent, the global one, which is read at each request. */
    fetch?: Fetch | undefined;
    /** The timeout of one attempt, in milliseconds, from the sending. A `secretKey` function has the same time before it. 30,000 if absent. */
    timeoutMs?: number | undefined;
    /**
     * The timeout of a call with all its attempts, in milliseconds. If absent, 120,000, and 300,000 for
     * waits and moves. For a list that is iterated over, it applies to each page.
     */
    totalTimeoutMs?: number | undefined;
    /**
     * How long the effect of a change may stay away after its response was lost, in milliseconds. "Not done" is
     * concluded only afterwards. If absent, a time for each operation that is longer than the service was ever
     * seen to take: 10,000, duplicate 15,000, detach 20,000, delete 45,000, attach 60,000.
     */
    settlingMs?: number | undefined;
    /** How failed requests are retried; `false` sends every request once. */
    retry?: RetryOptions | false | undefined;
    /** How many requests may run at once. Others wait for a slot, at most until the deadline of their call. No limit if absent. */
    maxConcurrency?: number | undefined;
    /** Receives an event for each request, response, retry, poll and step. Events hold no secret. What it throws is dropped. */
    onEvent?: ((event: ClientEvent) => void) | undefined;
    /** Added after the library's name in the `User-Agent` header. The client does not set this header in a page. */
    userAgentSuffix?: string | undefined;
}
/** Headers: an object of strings, or a `Headers` of the platform or of a package such as undici. */
type HeadersOption = Readonly<Record<string, string>> | HeadersLike;
/** What a `Headers` has. */
interface HeadersLike {
    /** The value of a header. */
    get(name: string): string | null;
    /** Whether there is such a header. */
    has(name: string): boolean;
    /** The headers, each with its value. */
    entries(): Iterator<[string, string]>;
}
/** Defaults for the fields that a request leaves out, and where requests go. */
interface RequestDefaults {
    /** The address of the API: a URL, or a path of the page's origin. `https://api.scaleway.com` if absent. */
    baseUrl?: string | undefined;
    /** The zone of requests without a zone. */
    defaultZone?: Zone | undefined;
    /** The Project of new flexible IPs without a Project. */
    defaultProjectId?: string | undefined;
    /** The default Organization. */
    defaultOrganizationId?: string | undefined;
    /** The page size of lists, 1 to 100. */
    defaultPageSize?: number | undefined;
    /** Allows well-formed zones that this version does not know. */
    allowUnknownZones?: boolean | undefined;
    /** Further headers for every request: an object, or a `Headers`. */
    headers?: HeadersOption | undefined;
}
/** The values of a client for fields that a request leaves out. */
interface ClientDefaults {
    /** The zone. */
    readonly zone?: Zone | undefined;
    /** The Project of new flexible IPs. */
    readonly projectId?: string | undefined;
    /** The page size of lists. */
    readonly pageSize?: number | undefined;
}
/** The options of one call. */
interface CallOptions {
    /** Aborts the call: its promise rejects with the signal's reason. */
    signal?: PlatformAbortSignal | undefined;
    /** The timeout of one attempt, in milliseconds. The client's `timeoutMs` if absent. */
    timeoutMs?: number | undefined;
    /** The timeout of the call with all its attempts, in milliseconds. The client's if absent. */
    totalTimeoutMs?: number | undefined;
    /** How long the effect of a change may stay away after its response was lost. The client's if absent. */
    settlingMs?: number | undefined;
    /** Overrides fields of the client's `retry`; `false` sends every request once. */
    retry?: Omit<RetryOptions, 'budget'> | false | undefined;
    /** Receives the events of this call, in addition to the client's `onEvent`. */
    onEvent?: ((event: ClientEvent) => void) | undefined;
    /**
     * Called right before a change is sent again, after the backoff, with the last `retry` event of its operation. The
     * change is sent once the function has returned or its promise has resolved; it counts towards `totalTimeoutMs`. What
     * it throws, or rejects with, ends the call as an abort with that reason does, and nothing more is sent. It may use
     * the same client. Requests that only read are sent again without it.
     *
     * @example
     * const seen = await client.getFlexibleIP({ fipId })
     * await client.deleteFlexibleIP({ fipId }, {
     *   beforeRetry: async () => {
     *     const now = await client.getFlexibleIP({ fipId })
     *     if (now.description !== seen.description) throw new Error('it is in use again')
     *   },
     * })
     */
    beforeRetry?: ((retry: RetryEvent) => void | Promise<void>) | undefined;
    /** Further headers for this call: an object, or a `Headers`. They override the client's. */
    headers?: HeadersOption | undefined;
    /** Skips the preflight of `duplicateMACAddr`, and of `attachFlexibleIP` and `detachFlexibleIP` with several flexible IPs. */
    skipPreflight?: boolean | undefined;
}
/** The options of a call that creates a flexible IP. */
interface CreateOptions extends CallOptions {
    /**
     * Makes a retry safe, also in another run of the program: the flexible IP carries the key as the tag
     * `idempotency:<key>`, and a further create with the same key and request returns that flexible IP. One with
     * another request is refused: a second tag, `idempotency-request:<number>`, has a digest of it. Calls of one
     * client with the same key share one create while it is under way. After an abort or an
     * `AmbiguousResultError`, the settling time must pass before the same key is used again: the first request
     * may still take effect unseen. 1 to 128 visible ASCII characters.
     */
    idempotencyKey?: string | undefined;
}
/** How requests are retried. The backoff is random, up to a bound that doubles with each retry. */
interface RetryOptions {
    /** The maximum number of attempts, including the first: 1 to 20. 4 if absent. */
    maxAttempts?: number | undefined;
    /** The bound of the first backoff, in milliseconds. After a 429 it is 20 times as long. 50 if absent. */
    baseDelayMs?: number | undefined;
    /** The longest backoff, in milliseconds, unless the service asks for a longer one. 20,000 if absent. */
    maxDelayMs?: number | undefined;
    /**
     * The tokens that all calls of the client share. A retry costs 14, or 5 after a 429, and a success
     * returns some. Without enough tokens, no request is retried. 500 if absent.
     */
    budget?: number | undefined;
}

/** A result with the response that contained it. */
interface WithResponse<T> {
    /** The result of the operation. */
    data: T;
    /** The response that it came with. */
    response: {
        /** The HTTP status. */
        status: number;
        /** The headers. */
        headers: FetchedResponse['headers'];
        /** The response's `X-Request-Id`. */
        requestId: string | undefined;
    };
    /** How many requests were sent for the operation itself. */
    attempts: number;
}
/** A method for each operation, which gives its result with the response. */
type OperationsWithResponse = {
    readonly [Name in OperationName]: (request: Operations[Name]['request'], options?: Name extends 'createFlexibleIP' ? CreateOptions : CallOptions) => Promise<WithResponse<Operations[Name]['result']>>;
};

/**
 * A client of the Flexible IP API.
 *
 * Every request is checked before it is sent. One that breaks a rule rejects with an
 * `InvalidArgumentsError` that holds all its problems, and nothing is sent. Every promise settles.
 *
 * @example
 * import { FlexibleIpClient } from 'flexip'
 * import { FlexibleIpEmulator } from 'flexip/emulator'
 *
 * const emulator = new FlexibleIpEmulator()
 * const client = new FlexibleIpClient({
 *   secretKey: emulator.secretKey,
 *   fetch: emulator.fetch,
 *   defaultZone: 'fr-par-1',
 *   defaultProjectId: emulator.projectId,
 * })
 * const ip = await client.createFlexibleIP({ description: 'mail', tags: ['prod'] })
 */
declare class FlexibleIpClient {
    /** The name of the class. Minifying does not change it. */
    static get name(): string;
    /** Throws a `ConfigurationError` that names every invalid option. */
    constructor(options: ClientOptions);
    /**
     * Lists a zone's flexible IPs, oldest address first. Awaited, it is one page, of 20 unless `pageSize`
     * is set; `for await`, `.pages()` and `.all()` read all pages.
     *
     * @example
     * for await (const ip of client.listFlexibleIPs({ tags: ['prod'] })) console.log(ip.ipAddress)
     */
    listFlexibleIPs(request?: ListFlexibleIPsRequest, options?: CallOptions): Listing;
    /**
     * Lists the flexible IPs of all zones, which are read at the same time. A zone that cannot be read whole is
     * in `failures` with its error; the other zones are listed. An abort rejects with its reason.
     * `totalTimeoutMs` counts for all zones together.
     */
    listAllZones(request?: Omit<ListFlexibleIPsRequest, 'zone' | 'page'>, options?: CallOptions): Promise<AllZones>;
    /** Creates a flexible IP. It is `ready` at once; with a `serverId`, it is `updating` until it is `attached`. */
    createFlexibleIP(request?: CreateFlexibleIPRequest, options?: CreateOptions): Promise<FlexibleIP>;
    /** Reads one flexible IP. For one that was deleted, the service responds with a 403: a `PermissionsDeniedError`. */
    getFlexibleIP(request: GetFlexibleIPRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Changes description, tags or reverse. An absent field stays as it is; an empty one is cleared. */
    updateFlexibleIP(request: UpdateFlexibleIPRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Deletes a flexible IP. One that is attached is `detaching` for some seconds before it is gone. */
    deleteFlexibleIP(request: DeleteFlexibleIPRequest, options?: CallOptions): Promise<void>;
    /** Attaches one flexible IP, or one whole MAC group, to a server of its zone. The result is `updating`. */
    attachFlexibleIP(request: AttachFlexibleIPRequest, options?: CallOptions): Promise<AttachFlexibleIPsResponse>;
    /** Detaches one flexible IP, or one whole MAC group. One that is not attached stays as it is. */
    detachFlexibleIP(request: DetachFlexibleIPRequest, options?: CallOptions): Promise<DetachFlexibleIPsResponse>;
    /** Gives a flexible IP a new virtual MAC address. */
    generateMACAddr(request: GenerateMACAddrRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Takes the virtual MAC address from a flexible IP. */
    deleteMACAddr(request: DeleteMACAddrRequest, options?: CallOptions): Promise<void>;
    /**
     * Gives `fipId` the virtual MAC address of `duplicateFromFipId`, and resolves with `fipId`.
     * Reads both first, and rejects if they are not attached to the same server.
     */
    duplicateMACAddr(request: DuplicateMACAddrRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Moves the virtual MAC address of `fipId` to `dstFipId`, and resolves with `dstFipId`. */
    moveMACAddr(request: MoveMACAddrRequest, options?: CallOptions): Promise<FlexibleIP>;
    /**
     * Waits until the flexible IP is at rest: `ready` on no server or `attached` to one, without a transition
     * of its virtual MAC address. A status that this version does not know is not rest. Polls at once, then
     * at growing intervals; a failed or refused poll is repeated. Rejects with a `WaitError`, which holds the
     * last known state, when the timeout has passed, when the flexible IP is in `error`, `locked`, or gone, or
     * after two minutes of nothing but refusals.
     */
    waitForFlexibleIP(request: GetFlexibleIPRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Waits for several flexible IPs of one zone. Resolves in the order of `fipsIds`. Each poll is one list. */
    waitForFlexibleIPs(request: WaitForFlexibleIPsRequest, options?: CallOptions): Promise<FlexibleIP[]>;
    /**
     * Waits until a deleted flexible IP is gone: the API refuses to read it, and a whole list of its zone does
     * not have it. That takes some seconds if it was attached. Rejects with an `InvalidArgumentsError` if
     * another zone has the flexible IP.
     */
    waitUntilDeleted(request: GetFlexibleIPRequest, options?: CallOptions): Promise<void>;
    /**
     * Moves flexible IPs to a server and waits until they are attached. Those that are attached to it
     * already stay as they are. Those on another server are detached first, or attached directly with
     * `strategy: 'direct'`. A MAC group moves as one, and the request must name all of it. Rejects with an
     * `IncompleteError` that holds the state of each.
     */
    ensureAttached(request: EnsureAttachedRequest & {
        dryRun: true;
    }, options?: CallOptions): Promise<MoveStep[]>;
    ensureAttached(request: EnsureAttachedRequest & {
        dryRun?: false | undefined;
    }, options?: CallOptions): Promise<FlexibleIP[]>;
    ensureAttached(request: EnsureAttachedRequest, options?: CallOptions): Promise<FlexibleIP[] | MoveStep[]>;
    /**
     * Moves the flexible IPs of one server to another, in whole MAC groups, all groups at the same time,
     * and waits until they are attached. With `dryRun: true` it returns the steps and changes nothing.
     * Nothing leaves its server if the other has no room for all, or does not exist. Rejects with an
     * `IncompleteError` that holds the state of each; its `resume` is the request of `ensureAttached` that
     * continues the move.
     */
    failover(request: FailoverRequest & {
        dryRun: true;
    }, options?: CallOptions): Promise<MoveStep[]>;
    failover(request: FailoverRequest & {
        dryRun?: false | undefined;
    }, options?: CallOptions): Promise<FlexibleIP[]>;
    failover(request: FailoverRequest, options?: CallOptions): Promise<FlexibleIP[] | MoveStep[]>;
    /**
     * Creates a flexible IP and waits until it is attached to `serverId`, within one `totalTimeoutMs`. If the
     * wait fails, its `WaitError` names the flexible IP and holds its last known state: after 5 seconds at rest
     * on another server, or on none, too. An abort after the create was sent rejects with an `IncompleteError`.
     */
    createAndAttach(request: CreateFlexibleIPRequest & {
        serverId: string;
    }, options?: CreateOptions): Promise<FlexibleIP>;
    /**
     * Finds the flexible IP of an address: IPv4 or IPv6 in any spelling, with or without a prefix, or any
     * address of an IPv6 block. Searches the zone of the request, else the client's `defaultZone`, else all.
     * `undefined` means that every list was whole and none has the address. `totalTimeoutMs` counts for all
     * pages and zones together.
     */
    findByIp(address: string, request?: Omit<ListFlexibleIPsRequest, 'page'>, options?: CallOptions): Promise<FlexibleIP | undefined>;
    /** The client's zone, Project and page size for requests that leave them out. */
    get defaults(): ClientDefaults;
    /** The operations, each with the status, the headers and the request id of its response. */
    get withResponse(): OperationsWithResponse;
}

/** The part of a `QueryClient` of TanStack Query that is used. */
interface QueryCacheLike {
    /** The data of the queries whose keys begin so. */
    getQueriesData(filters: {
        queryKey: readonly unknown[];
    }): [key: readonly unknown[], data: unknown][];
    /** Has the queries that pass be read again. */
    invalidateQueries(filters: {
        predicate: (query: {
            readonly queryKey: readonly unknown[];
            readonly state: {
                readonly data: unknown;
            };
        }) => boolean;
    }): Promise<void>;
}
/** The beginnings of the keys, to invalidate or remove queries by. */
interface FlexibleIpKeys {
    /** Of every query. */
    readonly all: readonly ['flexip', string];
    /** Of lists, whole or by page. */
    readonly lists: readonly ['flexip', string, 'list'];
    /** Of single flexible IPs. */
    readonly ips: readonly ['flexip', string, 'ip'];
}
/** Gives the beginnings of the keys. `scope` tells the clients of one `QueryClient` apart. */
declare function flexibleIpKeys(scope?: string): FlexibleIpKeys;

/** What tells the clients of one `QueryClient` apart, such as the name of an account. Its absence is a scope too. */
interface QueryScope {
    /** The scope, which is part of every key. Never a secret: keys are shown by tools and may be stored. */
    scope?: string;
}
/** What TanStack Query passes to a query function. */
interface QueryContext {
    /** Aborted when nothing needs the result any more. */
    readonly signal: PlatformAbortSignal;
}
/**
 * Makes the options of queries, for `useQuery`, `useInfiniteQuery`, `fetchQuery` and others of TanStack Query 5.
 *
 * @example
 * const queries = flexibleIpQueries(client)
 * const { data } = useQuery(queries.list({ zone: 'fr-par-1', tags: ['prod'] }))
 */
declare function flexibleIpQueries(client: FlexibleIpClient, { scope }?: QueryScope): {
    /** One flexible IP. */
    get: (request: GetFlexibleIPRequest) => {
        queryKey: readonly ["flexip", string, "ip", GetFlexibleIPRequest];
        queryFn: ({ signal }: QueryContext) => Promise<FlexibleIP>;
        retry: boolean;
    };
    /** One page of a zone. */
    list: (request?: ListFlexibleIPsRequest) => {
        queryKey: readonly ["flexip", string, "list", "page", ListFlexibleIPsRequest];
        queryFn: ({ signal }: QueryContext) => Promise<ListFlexibleIPsResponse>;
        retry: boolean;
    };
    /** The whole list of a zone. */
    listAll: (request?: Omit<ListFlexibleIPsRequest, "page">) => {
        queryKey: readonly ["flexip", string, "list", "whole", Omit<ListFlexibleIPsRequest, "page">];
        queryFn: ({ signal }: QueryContext) => Promise<FlexibleIP[]>;
        retry: boolean;
    };
    /** The lists of all zones. */
    listAllZones: (request?: Omit<ListFlexibleIPsRequest, "zone" | "page">) => {
        queryKey: readonly ["flexip", string, "list", "zones", Omit<ListFlexibleIPsRequest, "page" | "zone">];
        queryFn: ({ signal }: QueryContext) => Promise<AllZones>;
        retry: boolean;
    };
    /** A list of a zone that grows by pages. */
    infiniteList: (request?: Omit<ListFlexibleIPsRequest, "page">) => {
        queryKey: readonly ["flexip", string, "list", "pages", Omit<ListFlexibleIPsRequest, "page">];
        queryFn: ({ signal, pageParam }: QueryContext & {
            readonly pageParam: number;
        }) => Promise<ListFlexibleIPsResponse>;
        initialPageParam: number;
        getNextPageParam: (last: ListFlexibleIPsResponse, pages: readonly ListFlexibleIPsResponse[], lastPage: number) => number | undefined;
        retry: boolean;
    };
};

/** The options of a mutation, for `useMutation` and others. */
interface MutationOptionsOf<Input, Result> {
    /** The key of the mutation. */
    readonly mutationKey: readonly ['flexip', string, string];
    /** Sends the request and waits for the goal. */
    readonly mutationFn: (request: Input) => Promise<Result>;
    /** Invalidates what the request may have changed, also after a failure. */
    readonly onSettled: (result: Result | undefined, error: unknown, request: Input) => Promise<void>;
}
/** What each mutation receives. */
interface MutationRequests {
    /** Of `create`. */
    create: CreateFlexibleIPRequest;
    /** Of `update`. */
    update: UpdateFlexibleIPRequest;
    /** Of `delete`. */
    delete: DeleteFlexibleIPRequest;
    /** Of `attach`. */
    attach: AttachFlexibleIPRequest;
    /** Of `detach`. */
    detach: DetachFlexibleIPRequest;
    /** Of `generateMac`. */
    generateMac: GenerateMACAddrRequest;
    /** Of `deleteMac`. */
    deleteMac: DeleteMACAddrRequest;
    /** Of `duplicateMac`. */
    duplicateMac: DuplicateMACAddrRequest;
    /** Of `moveMac`. */
    moveMac: MoveMACAddrRequest;
    /** Of `ensureAttached`. */
    ensureAttached: EnsureAttachedRequest & {
        dryRun?: false;
    };
    /** Of `failover`. */
    failover: FailoverRequest & {
        dryRun?: false;
    };
}
/** The name of a mutation, with what it receives. */
type MutationCall = {
    [Name in keyof MutationRequests]: [mutation: Name, request: MutationRequests[Name]];
}[keyof MutationRequests];
/** The options of `flexibleIpMutations`. */
interface MutationsOptions extends QueryScope {
    /**
     * The options of the calls that a mutation makes: of all mutations, or a function that is called with the name and the
     * request of each one that begins. A mutation that waits for its goal makes two calls, the change and the wait: each
     * has these options. `idempotencyKey` is one of `create` alone.
     */
    callOptions?: CallOptions | ((...call: MutationCall) => CreateOptions | undefined) | undefined;
}
/**
 * Makes the options of mutations. A result is a flexible IP at rest: attached, detached or with its virtual MAC
 * address. Afterwards, also after a failure, all lists are invalidated, and of the single flexible IPs those that the
 * request or its result names, with all members of their MAC groups, as any query of the cache has them: a list too. If
 * none has a flexible IP that the request names, all single ones of its zone are invalidated.
 *
 * @example
 * const mutations = flexibleIpMutations(client, queryClient)
 * const { mutate } = useMutation(mutations.attach)
 * mutate({ fipsIds: [ip.id], serverId })
 */
declare function flexibleIpMutations(client: FlexibleIpClient, cache: QueryCacheLike, { scope, callOptions }?: MutationsOptions): {
    /** Creates a flexible IP; with a `serverId`, until it is attached. */
    create: MutationOptionsOf<CreateFlexibleIPRequest, FlexibleIP>;
    /** Changes description, tags or reverse. */
    update: MutationOptionsOf<UpdateFlexibleIPRequest, FlexibleIP>;
    /** Deletes a flexible IP, until it is gone. */
    delete: MutationOptionsOf<DeleteFlexibleIPRequest, void>;
    /** Attaches flexible IPs, until they are attached. */
    attach: MutationOptionsOf<AttachFlexibleIPRequest, FlexibleIP[]>;
    /** Detaches flexible IPs, until they are on no server. */
    detach: MutationOptionsOf<DetachFlexibleIPRequest, FlexibleIP[]>;
    /** Gives a virtual MAC address, until it is ready. */
    generateMac: MutationOptionsOf<GenerateMACAddrRequest, FlexibleIP>;
    /** Takes the virtual MAC address away, until it is gone. */
    deleteMac: MutationOptionsOf<DeleteMACAddrRequest, FlexibleIP>;
    /** Duplicates a virtual MAC address, until it is ready. */
    duplicateMac: MutationOptionsOf<DuplicateMACAddrRequest, FlexibleIP>;
    /** Moves a virtual MAC address, until it is ready. */
    moveMac: MutationOptionsOf<MoveMACAddrRequest, FlexibleIP>;
    /** Moves flexible IPs to a server, until they are attached. */
    ensureAttached: MutationOptionsOf<EnsureAttachedRequest & {
        dryRun?: false;
    }, FlexibleIP[]>;
    /** Moves all flexible IPs of a server to another, until they are attached. */
    failover: MutationOptionsOf<FailoverRequest & {
        dryRun?: false;
    }, FlexibleIP[]>;
};

export { flexibleIpKeys, flexibleIpMutations, flexibleIpQueries };
export type { AttachFlexibleIPRequest, AttachFlexibleIPsResponse, BuiltRequest, CreateFlexibleIPRequest, DeleteFlexibleIPRequest, DeleteMACAddrRequest, DetachFlexibleIPRequest, DetachFlexibleIPsResponse, DuplicateMACAddrRequest, EnsureAttachedRequest, FailoverRequest, FlexibleIP, FlexibleIPStatus, FlexibleIpKeys, GenerateMACAddrRequest, GetFlexibleIPRequest, ListFlexibleIPsRequest, ListFlexibleIPsRequestOrderBy, ListFlexibleIPsResponse, MACAddress, MACAddressStatus, MACAddressType, MoveMACAddrRequest, MoveStep, MutationCall, MutationOptionsOf, MutationRequests, MutationsOptions, OperationName, Operations, ParsedIp, Problem, QueryCacheLike, QueryContext, QueryScope, UpdateFlexibleIPRequest, WaitForFlexibleIPsRequest, Zone };
