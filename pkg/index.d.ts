/* tslint:disable */
/* eslint-disable */

/** An availability zone. Flexible IPs are sold in the six named ones; each can be attached in its own zone only. */
type Zone = 'fr-par-1' | 'fr-par-2' | 'nl-ams-1' | 'nl-ams-2' | 'pl-waw-2' | 'pl-waw-3' | (string & {});


/**
 * A problem with one argument of a request, in the shape of the API's own `invalid_arguments`.
 */
interface Problem {
    /**
     * The argument as you wrote it, with its place in a list: `fipsIds[1]`.
     */
    field: string;
    /**
     * The argument as the API writes it: `fips_ids`.
     */
    argumentName: string;
    /**
     * What is wrong: missing, badly written, not allowed, or no such argument.
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
 * A public IPv4 address or IPv6 /64 block, held by a Project, attached to at most one server.
 */
interface FlexibleIP {
    /**
     * Its id. It belongs to the pooled address: given back and bought again, it is the same.
     */
    id: string;
    /**
     * The Organization that holds it.
     */
    organizationId: string;
    /**
     * The Project that holds it.
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
     * When the pooled address came to be, long before you ordered it, to the millisecond;
     * `exactTimes` gives the exact text.
     */
    createdAt?: Date;
    /**
     * What it is doing.
     */
    status: FlexibleIPStatus;
    /**
     * IPv4 bare (`195.154.148.225`), IPv6 as a block (`2001:bc8:702:6b7::/64`).
     */
    ipAddress: string;
    /**
     * Its virtual MAC address, if it has one.
     */
    macAddress?: MACAddress;
    /**
     * The server that it is attached to, or is being detached from. Absent otherwise, never null.
     */
    serverId?: string;
    /**
     * Its reverse DNS name; empty when cleared. Of an IPv6 block: of its first address.
     */
    reverse: string;
    /**
     * Its zone.
     */
    zone: Zone;
}

/**
 * A request as it would be sent, without the credentials.
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
     * The headers, credentials left out.
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
     * What is done.
     */
    action: 'attach' | 'detach';
    /**
     * The MAC group, or the one flexible IP.
     */
    fipsIds: string[];
    /**
     * The server that they leave, or go to.
     */
    serverId?: string;
}

/**
 * A virtual MAC address. Flexible IPs that carry the same one are a MAC group.
 */
interface MACAddress {
    /**
     * The id of the MAC address itself, shared by its whole group. It is not a flexible IP's id.
     */
    id: string;
    /**
     * Six bytes in lower case: `52:54:00:12:34:56`.
     */
    macAddress: string;
    /**
     * The hypervisor that it is for.
     */
    macType: MACAddressType;
    /**
     * What it is doing.
     */
    status: MACAddressStatus;
    /**
     * When it was last written, to the millisecond; `exactTimes` gives the exact text.
     */
    updatedAt?: Date;
    /**
     * When it was made, to the millisecond; `exactTimes` gives the exact text.
     */
    createdAt?: Date;
    /**
     * Its zone.
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
     * How many leading bits are fixed: 32 for an IPv4 flexible IP, 64 for an IPv6 one.
     */
    prefixLength: number;
    /**
     * As the service writes it: IPv4 bare, IPv6 with its prefix.
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
    zone?: Zone;
    /**
     * The Project that is to hold it; the client's `defaultProjectId` if absent.
     */
    projectId?: string;
    /**
     * Free text, at most 255 Unicode code points.
     */
    description?: string;
    /**
     * Free labels.
     */
    tags?: string[];
    /**
     * A server of the same zone to attach it to.
     */
    serverId?: string;
    /**
     * Its reverse DNS name, which must already resolve to the address.
     */
    reverse?: string;
    /**
     * An IPv6 /64 block instead of an IPv4 address.
     */
    isIpv6?: boolean;
}

/**
 * Asks for changes. What is absent stays as it is; what is empty is cleared.
 */
interface UpdateFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IP.
     */
    fipId: string;
    /**
     * The new description, at most 255 Unicode code points.
     */
    description?: string;
    /**
     * All its new tags.
     */
    tags?: string[];
    /**
     * Its new reverse DNS name, which must already resolve to the address.
     */
    reverse?: string;
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
     * The flexible IP.
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
     * The order.
     */
    orderBy?: ListFlexibleIPsRequestOrderBy;
    /**
     * The page, from 1.
     */
    page?: number;
    /**
     * The size of a page, 1 to 100; the client's `defaultPageSize` if absent, else the service's 20.
     */
    pageSize?: number;
    /**
     * Those that have any of these tags.
     */
    tags?: string[];
    /**
     * Those in any of these states.
     */
    status?: FlexibleIPStatus[];
    /**
     * Those on any of these servers.
     */
    serverIds?: string[];
    /**
     * Those of this Organization.
     */
    organizationId?: string;
    /**
     * Those of this Project.
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
     * The flexible IPs, at most 64. Several must be one MAC group.
     */
    fipsIds: string[];
    /**
     * The server.
     */
    serverId: string;
}

/**
 * Brings flexible IPs to a server, wherever they are.
 */
interface EnsureAttachedRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IPs, at most 64; MAC groups whole.
     */
    fipsIds: string[];
    /**
     * The server that they are to be attached to.
     */
    serverId: string;
    /**
     * How one leaves another server: `detach`, unless told otherwise, and then attach; or `direct`,
     * attached to the new server at once, which nobody has recorded the service doing.
     */
    strategy?: 'detach' | 'direct';
    /**
     * Gives the steps, and changes nothing.
     */
    dryRun?: boolean;
}

/**
 * Detaches one flexible IP, or all members of one MAC group. A member detached alone loses its MAC.
 */
interface DetachFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IPs, at most 64. Several must be one MAC group.
     */
    fipsIds: string[];
}

/**
 * Gives a flexible IP a new virtual MAC address, which takes it out of any MAC group.
 */
interface GenerateMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IP.
     */
    fipId: string;
    /**
     * The hypervisor: `vmware`, `xen` or `kvm`.
     */
    macType: MACAddressType;
}

/**
 * Gives a flexible IP back. One that is attached is detached first, which takes seconds.
 */
interface DeleteFlexibleIPRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IP.
     */
    fipId: string;
}

/**
 * Gives a flexible IP the virtual MAC address of another on the same server: they become a group.
 */
interface DuplicateMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IP that gets the MAC address: the destination.
     */
    fipId: string;
    /**
     * The flexible IP that has it: the source.
     */
    duplicateFromFipId: string;
}

/**
 * Moves the flexible IPs of a server to another.
 */
interface FailoverRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The server that they leave.
     */
    fromServerId: string;
    /**
     * The server that they go to.
     */
    toServerId: string;
    /**
     * Only these, at most 64, wherever they are; MAC groups whole. All of the server's if absent.
     */
    fipsIds?: string[];
    /**
     * How one leaves a server: `detach`, unless told otherwise, and then attach; or `direct`,
     * attached to the new server at once, which nobody has recorded the service doing.
     */
    strategy?: 'detach' | 'direct';
    /**
     * Gives the steps, and changes nothing.
     */
    dryRun?: boolean;
}

/**
 * One page of a list.
 */
interface ListFlexibleIPsResponse {
    /**
     * How many there are on all pages.
     */
    totalCount: number;
    /**
     * Those on this page.
     */
    flexibleIps: FlexibleIP[];
}

/**
 * Takes the virtual MAC address from a flexible IP, and the IP out of its MAC group.
 */
interface DeleteMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IP. Not the MAC address's id.
     */
    fipId: string;
}

/**
 * Takes the virtual MAC address from one flexible IP and gives it to another.
 */
interface MoveMACAddrRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IP that has the MAC address: the source.
     */
    fipId: string;
    /**
     * The flexible IP that gets it: the destination.
     */
    dstFipId: string;
}

/**
 * The flexible IPs that are being attached: `updating`, and not yet on the server.
 */
interface AttachFlexibleIPsResponse {
    /**
     * How many.
     */
    totalCount: number;
    /**
     * They.
     */
    flexibleIps: FlexibleIP[];
}

/**
 * The flexible IPs that are being detached; those that were not attached come back as they are.
 */
interface DetachFlexibleIPsResponse {
    /**
     * How many.
     */
    totalCount: number;
    /**
     * They.
     */
    flexibleIps: FlexibleIP[];
}

/**
 * The hypervisor that a virtual MAC address is for.
 */
type MACAddressType = "unknown_type" | "vmware" | "xen" | "kvm";

/**
 * The order of a list. The date is the pooled address's, not that of your order.
 */
type ListFlexibleIPsRequestOrderBy = "created_at_asc" | "created_at_desc";

/**
 * Waits for several flexible IPs of one zone.
 */
interface WaitForFlexibleIPsRequest {
    /**
     * The zone; the client's `defaultZone` if absent.
     */
    zone?: Zone;
    /**
     * The flexible IPs, any number.
     */
    fipsIds: string[];
}

/**
 * What a flexible IP is doing. `updating` and `detaching` pass by themselves.
 */
type FlexibleIPStatus = "unknown" | "ready" | "updating" | "attached" | "error" | "detaching" | "locked";

/**
 * What a virtual MAC address is doing. `updating` and `deleting` pass by themselves.
 */
type MACAddressStatus = "unknown" | "ready" | "updating" | "used" | "error" | "deleting";

/** What every error of this library says about itself. */
interface FailureContext {
    /** A stable word for programs; the API's own `type` where it has one. */
    code: string;
    /** The operation that was called: the name of the client's method. */
    operation?: string;
    /** The HTTP method of the request that failed, if one was made. */
    method?: string;
    /** Its URL. It never holds a secret. */
    url?: string;
    /** The HTTP status of the answer, if there was one. */
    status?: number;
    /** The answer's `X-Request-Id`: what Scaleway's support asks for. */
    requestId?: string;
    /** How many requests were sent for the operation itself. 0: nothing was. */
    attempts: number;
    /** Whether the same request could succeed later without any change. */
    retryable: boolean;
    /** The parsed JSON body of the answer, as it came. */
    body?: unknown;
}
/** The base of every error that this library makes. */
declare class FlexipError extends Error implements FailureContext {
    /** The name of the class, also where minifying gives it another. */
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
/** Whether something thrown is an error of this library, of whichever copy of it. */
declare function isFlexipError(error: unknown): error is FlexipError;
/** An argument that was refused, before the request was sent or by the service. */
interface InvalidArgument extends Partial<Pick<Problem, 'field' | 'severity'>> {
    /** The argument as the API writes it: `fips_ids`. */
    argumentName: string;
    /** `required`, `format`, `constraint`, `unknown`, or another word of the service's. */
    reason: string;
    /** What was found and what is allowed. */
    helpMessage?: string;
}
/** Arguments break rules of the API: found here before anything was sent (`attempts` 0), or by the service (400). */
declare class InvalidArgumentsError extends FlexipError {
    static readonly name: string;
    /** Every argument that was refused. */
    readonly details: readonly InvalidArgument[];
}
/** The client's options cannot work, or the place where it runs cannot run it. */
declare class ConfigurationError extends FlexipError {
    static readonly name: string;
    readonly code = "configuration";
    /** Every option that was refused. */
    readonly details: readonly InvalidArgument[];
}
/** 401: the key is unknown, expired or malformed. */
declare class DeniedAuthenticationError extends FlexipError {
    static readonly name: string;
    /** How the caller authenticated: `api_key`, `jwt`. */
    readonly authenticationMethod?: string;
    /** Why it was denied: `not_found`, `expired`, `invalid_argument`. */
    readonly reason?: string;
}
/** 403: not allowed, not yours, or no longer there. The service answers so for a flexible IP that was deleted. */
declare class PermissionsDeniedError extends FlexipError {
    static readonly name: string;
    /** Which actions on which resources were denied. */
    readonly details: readonly {
        action: string;
        resource: string;
    }[];
}
/** 403: the Organization or the Project may not have more. */
declare class QuotasExceededError extends FlexipError {
    static readonly name: string;
    /** Which quotas. */
    readonly details: readonly {
        resource: string;
        quota: number;
        current: number;
    }[];
}
/** 404: never was there. */
declare class ResourceNotFoundError extends FlexipError {
    static readonly name: string;
    /** The kind of resource. */
    readonly resource?: string;
    /** Its id. */
    readonly resourceId?: string;
}
/** 409: the service is still at work on it. It passes by itself. */
declare class TransientStateError extends FlexipError {
    static readonly name: string;
    /** The kind of resource. */
    readonly resource?: string;
    /** Its id. */
    readonly resourceId?: string;
    /** What it is doing. */
    readonly currentState?: string;
}
/** 409: it is there already. */
declare class AlreadyExistsError extends FlexipError {
    static readonly name: string;
    /** The kind of resource. */
    readonly resource?: string;
    /** Its id. */
    readonly resourceId?: string;
    /** What to do. */
    readonly helpMessage?: string;
}
/** 409 of any other sort: somebody else is writing the same thing. */
declare class ConflictError extends FlexipError {
    static readonly name: string;
}
/** 410: its time is over. The service's two spellings of the type are both this. */
declare class ResourceExpiredError extends FlexipError {
    static readonly name: string;
    /** The kind of resource. */
    readonly resource?: string;
    /** Its id. */
    readonly resourceId?: string;
    /** Since when. */
    readonly expiredSince?: Date;
}
/** 412: something else has to be done first. */
declare class PreconditionFailedError extends FlexipError {
    static readonly name: string;
    /** What is in the way: `resource_not_usable`, `resource_still_in_use`, `attribute_must_be_set`, … */
    readonly precondition?: string;
    /** What to do. */
    readonly helpMessage?: string;
}
/** 423: locked by the service. */
declare class ResourceLockedError extends FlexipError {
    static readonly name: string;
    /** The kind of resource. */
    readonly resource?: string;
    /** Its id. */
    readonly resourceId?: string;
}
/** 429: too many requests, also the gateway's, which has neither body nor `Retry-After`. */
declare class TooManyRequestsError extends FlexipError {
    static readonly name: string;
    /** What to do. */
    readonly helpMessage?: string;
}
/** 503: none left. */
declare class OutOfStockError extends FlexipError {
    static readonly name: string;
    /** The kind of resource. */
    readonly resource?: string;
}
/** 500: the service failed. Whether it did the work is unknown. */
declare class InternalServerError extends FlexipError {
    static readonly name: string;
}
/** 502, 503, 504, 408: the gateway did not reach the service, or got no answer of it. */
declare class ServiceUnavailableError extends FlexipError {
    static readonly name: string;
}
/** An answer that the API does not have: another status, a redirection. */
declare class UnexpectedAnswerError extends FlexipError {
    static readonly name: string;
}
/** No answer: the network failed, or the `fetch` that was handed in. `cause` is what it threw, or its words if a secret stood in it. */
declare class ConnectionError extends FlexipError {
    static readonly name: string;
}
/** No answer within `timeoutMs`. Whether the service did the work is unknown. */
declare class TimeoutError extends FlexipError {
    static readonly name: string;
}
/** An answer of success whose body is not what the API promises; the message names the field. */
declare class DecodeError extends FlexipError {
    static readonly name: string;
    readonly code = "decode";
    /** The field, as it stands on the wire: `flexible_ips[3].status`. */
    readonly field?: string;
}
/**
 * The answer was lost, nothing that can be read tells whether the work was done, and doing it again
 * could do it twice. `cause` is what left the doubt. Look before you call again; for
 * `createFlexibleIP`, an `idempotencyKey` lets the library look.
 */
declare class AmbiguousResultError extends FlexipError {
    static readonly name: string;
}
/** What was waited for did not come: the time was up, or the flexible IP is stuck or gone (`cause` says how). */
declare class WaitError extends FlexipError {
    static readonly name: string;
    /** The flexible IP that was waited for. */
    readonly fipId: string;
    /** What it looked like when it was last seen. */
    readonly last?: FlexibleIP;
}
/** Where a flexible IP is that was to go somewhere. */
interface Move {
    fipId: string;
    /** Whether it is where it should be. */
    arrived: boolean;
    /** What it looked like when it was last seen: its server, its status. */
    last?: FlexibleIP;
    /** Why it did not arrive. */
    error?: FlexipError;
}
/**
 * Not every flexible IP arrived. `moves` says for each where it is. The same call goes on from there.
 */
declare class IncompleteError extends FlexipError {
    static readonly name: string;
    readonly moves: readonly Move[];
}

/** What a client does for its lists. */
interface Lister {
    /** One page, as the request names it. */
    page(): Promise<ListFlexibleIPsResponse>;
    /** All flexible IPs of all pages, some pages at once. */
    all(): Promise<FlexibleIP[]>;
    /** The pages, one after another, each without what a page before it had. */
    pages(): AsyncGenerator<ListFlexibleIPsResponse, void, undefined>;
}
/**
 * The flexible IPs of a zone. Awaited, it is one page; with `for await` it gives the flexible IPs of all
 * pages, a page at a time, so that a `break` asks for nothing more.
 *
 * A list that changes while it is read gives each flexible IP once, and all that were there
 * throughout as long as its total shows the change: pages that do not agree are read again.
 */
declare class Listing implements Promise<ListFlexibleIPsResponse>, AsyncIterable<FlexibleIP> {
    #private;
    constructor(lister: Lister);
    /** The pages, one after another. */
    pages(): AsyncGenerator<ListFlexibleIPsResponse, void, undefined>;
    /** All flexible IPs at once. Four pages are asked for at a time, of 100 unless `pageSize` is given. */
    all(): Promise<FlexibleIP[]>;
    [Symbol.asyncIterator](): AsyncGenerator<FlexibleIP, void, undefined>;
    then<T = ListFlexibleIPsResponse, E = never>(onPage?: ((page: ListFlexibleIPsResponse) => T | PromiseLike<T>) | null, onFailure?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<T | E>;
    catch<E = never>(onFailure?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<ListFlexibleIPsResponse | E>;
    finally(onEnd?: (() => void) | null): Promise<ListFlexibleIPsResponse>;
    get [Symbol.toStringTag](): string;
}

/** What each operation asks for and gives. */
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
/** The name of an operation: the method of the client. */
type OperationName = keyof Operations;

/** What went wrong, in an event. */
interface EventError {
    /** As the `code` of errors. */
    code: string;
    message: string;
    retryable: boolean;
}
/** A request is sent. */
interface RequestEvent {
    type: 'request';
    operation: string;
    /** The how manieth time it is sent, from 1. */
    attempt: number;
    method: string;
    url: string;
    /** Those that hold no secret. */
    headers: Record<string, string>;
}
/** A request ended: with an answer, or without. */
interface ResponseEvent {
    type: 'response';
    operation: string;
    attempt: number;
    method: string;
    url: string;
    outcome: 'answered' | 'broken' | 'timedOut';
    durationMs: number;
    /** The status of the answer, if one came. */
    status?: number;
    /** The answer's `X-Request-Id`. */
    requestId?: string;
    /** Those of the answer that hold no secret. */
    headers?: Record<string, string>;
}
/** A request will be sent again. */
interface RetryEvent {
    type: 'retry';
    operation: string;
    /** How many attempts were made. */
    attempts: number;
    /** How long it waits before the next one. */
    delayMs: number;
    error: EventError;
}
/** A wait has looked, and is not over. */
interface WaitEvent {
    type: 'wait';
    /** How many flexible IPs it still waits for. */
    pending: number;
    /** One of them. */
    fipId?: string;
    /** Its status, if it was seen. */
    status?: string;
    elapsedMs: number;
    /** When it looks again. */
    delayMs: number;
}
/** A look, or a step of a move, failed. The next look tells how things are. */
interface LookFailedEvent {
    type: 'lookFailed';
    elapsedMs: number;
    error: EventError;
}
/** A step of `ensureAttached` or `failover`. */
interface StepEvent {
    type: 'step';
    action: 'attach' | 'detach';
    /** The MAC group, or the one flexible IP. */
    fipsIds: string[];
    serverId?: string;
    progress: 'begun' | 'done' | 'failed';
    elapsedMs: number;
}
/** What `onEvent` is told. */
type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | WaitEvent | LookFailedEvent | StepEvent;

/** Sends a request: what `fetch` does. */
type Fetch = (url: string, init: FetchInit) => Promise<FetchedResponse>;
/** What the client hands to `fetch`: plain strings and objects, so that any implementation will do. */
interface FetchInit {
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    headers: Record<string, string>;
    body?: string;
    /** Ends with the call: at its timeout, and when the caller's own signal is aborted. */
    signal?: AbortSignal;
    /** Redirections are not followed: they could carry the key to another host. */
    redirect: 'manual';
}
/** What the client needs of a `Response`. */
interface FetchedResponse {
    readonly status: number;
    readonly headers: {
        get(name: string): string | null;
    };
    text(): Promise<string>;
}
/** The options of a client. */
interface ClientOptions extends RequestDefaults {
    /**
     * The secret key of an API key, or a function that gives one, which is asked again once after a 401.
     * Needed to call the service itself; a page should rather talk to a proxy that holds the key. It is
     * in no error, event or log.
     */
    secretKey?: string | (() => string | Promise<string>);
    /** A session token (JWT), sent instead of or beside the key. */
    sessionToken?: string;
    /** The `fetch` to use. The global one, looked up at each call, if absent. */
    fetch?: Fetch;
    /** How long one attempt may take, in milliseconds. 30,000 if absent. */
    timeoutMs?: number;
    /**
     * How long a call may take with all its attempts, in milliseconds: 120,000 if absent, 300,000 for
     * what waits. Of a list that is iterated over: one page.
     */
    totalTimeoutMs?: number;
    /** How often and how patiently requests are sent again; `false` sends everything once. */
    retry?: RetryOptions | false;
    /** How many requests may be on their way at once. Any number if absent. */
    maxConcurrency?: number;
    /** Is told of requests, answers, retries, waits and steps. It sees no secret. What it throws is dropped. */
    onEvent?: (event: ClientEvent) => void;
    /** Follows the library's own name in the `User-Agent`. A page sends none. */
    userAgentSuffix?: string;
}
/** What stands in for what a request leaves out. */
interface RequestDefaults {
    /** Where the API is: a URL, or a path of the page's own origin. `https://api.scaleway.com` if absent. */
    baseUrl?: string;
    /** The zone of requests that name none. */
    defaultZone?: string;
    /** The Project of new flexible IPs. */
    defaultProjectId?: string;
    /** The Organization. */
    defaultOrganizationId?: string;
    /** The size of pages, 1 to 100. */
    defaultPageSize?: number;
    /** Allows zones that this version does not know, as long as they are well-formed. */
    allowUnknownZones?: boolean;
    /** Headers for every request, on top of the client's own. */
    headers?: Record<string, string>;
}
/** The options of one call. */
interface CallOptions {
    /** Ends the call: its promise rejects with the signal's own reason. */
    signal?: AbortSignal;
    /** How long one attempt may take, in milliseconds. The client's `timeoutMs` if absent. */
    timeoutMs?: number;
    /** How long the call may take with all its attempts, in milliseconds. The client's if absent. */
    totalTimeoutMs?: number;
    /** What to change of the client's `retry`; `false` sends everything once. */
    retry?: Omit<RetryOptions, 'budget'> | false;
    /** Is told of this call, beside the client's own `onEvent`. */
    onEvent?: (event: ClientEvent) => void;
    /** Headers for this call, on top of the client's. */
    headers?: Record<string, string>;
    /** Sends `duplicateMACAddr`, or `attach` and `detach` of several, without looking at the flexible IPs first. */
    skipPreflight?: boolean;
}
/** The options of a call that makes a flexible IP. */
interface CreateOptions extends CallOptions {
    /**
     * Makes it safe to send the request again, now or in another run: the flexible IP carries it as the
     * tag `idempotency:<key>`, and who has one already gets it back instead of another. 1 to 128
     * visible ASCII characters.
     */
    idempotencyKey?: string;
}
/** How requests are sent again. The wait before is random, up to a bound that doubles each time. */
interface RetryOptions {
    /** How many times a request is sent at most, the first included: 1 to 20. 4 if absent. */
    maxAttempts?: number;
    /** The bound of the first wait, in milliseconds; 20 times of it after a 429. 50 if absent. */
    baseDelayMs?: number;
    /** The longest wait, in milliseconds, unless the service asks for more. 20,000 if absent. */
    maxDelayMs?: number;
    /**
     * The tokens that all calls of the client share: a retry costs 14, or 5 after a 429, and a success
     * gives back. Without tokens nothing is sent again. 500 if absent.
     */
    budget?: number;
}

/** A result with the answer that it came in. */
interface WithResponse<T> {
    data: T;
    response: {
        status: number;
        headers: FetchedResponse['headers'];
        /** The answer's `X-Request-Id`. */
        requestId: string | undefined;
    };
    /** How many requests were sent for the operation itself. */
    attempts: number;
}
/** The flexible IPs of all zones, and the zones that could not be read. */
interface AllZones {
    flexibleIps: FlexibleIP[];
    failures: {
        zone: Zone;
        error: FlexipError;
    }[];
}
type RawOperations = {
    readonly [Name in OperationName]: (request: Operations[Name]['request'], options?: Name extends 'createFlexibleIP' ? CreateOptions : CallOptions) => Promise<WithResponse<Operations[Name]['result']>>;
};
/**
 * A client of the Flexible IP API.
 *
 * Every request is checked before it is sent: one that breaks a rule rejects with an
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
    #private;
    /** The name of the class, also where minifying gives it another. */
    static readonly name: string;
    /** Throws a `ConfigurationError` that names every option that cannot work. */
    constructor(options: ClientOptions);
    /**
     * Gives a zone's flexible IPs, oldest address first. Awaited, it is one page, of 20 unless told
     * otherwise; `for await`, `.pages()` and `.all()` read all pages.
     *
     * @example
     * for await (const ip of client.listFlexibleIPs({ tags: ['prod'] })) console.log(ip.ipAddress)
     */
    listFlexibleIPs(request?: ListFlexibleIPsRequest, options?: CallOptions): Listing;
    /**
     * Gives the flexible IPs of all zones, which are read at once. A zone that cannot be read does not
     * spoil the others: it is in `failures`, with its error.
     */
    listAllZones(request?: Omit<ListFlexibleIPsRequest, 'zone' | 'page'>, options?: CallOptions): Promise<AllZones>;
    /** Takes a flexible IP from the pool: `ready` at once, or `updating` until it is `attached` to `serverId`. */
    createFlexibleIP(request?: CreateFlexibleIPRequest, options?: CreateOptions): Promise<FlexibleIP>;
    /** Gives one flexible IP. One that was deleted rejects with a `PermissionsDeniedError`: so the service answers. */
    getFlexibleIP(request: GetFlexibleIPRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Changes description, tags or reverse. What is absent stays as it is; what is empty is cleared. */
    updateFlexibleIP(request: UpdateFlexibleIPRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Gives a flexible IP back. One that is attached is `detaching` for some seconds before it is gone. */
    deleteFlexibleIP(request: DeleteFlexibleIPRequest, options?: CallOptions): Promise<void>;
    /** Attaches one flexible IP, or one whole MAC group, to a server of its zone. They come back `updating`. */
    attachFlexibleIP(request: AttachFlexibleIPRequest, options?: CallOptions): Promise<AttachFlexibleIPsResponse>;
    /** Detaches one flexible IP, or one whole MAC group. One that is not attached comes back as it is. */
    detachFlexibleIP(request: DetachFlexibleIPRequest, options?: CallOptions): Promise<DetachFlexibleIPsResponse>;
    /** Gives a flexible IP a new virtual MAC address. */
    generateMACAddr(request: GenerateMACAddrRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Takes the virtual MAC address from a flexible IP. */
    deleteMACAddr(request: DeleteMACAddrRequest, options?: CallOptions): Promise<void>;
    /**
     * Gives `fipId` the virtual MAC address of `duplicateFromFipId`; resolves with `fipId`'s.
     * Both are read first, and refused when they are not attached to the same server.
     */
    duplicateMACAddr(request: DuplicateMACAddrRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** Moves the virtual MAC address of `fipId` to `dstFipId`; resolves with `dstFipId`'s. */
    moveMACAddr(request: MoveMACAddrRequest, options?: CallOptions): Promise<FlexibleIP>;
    /**
     * Waits until nothing is under way any more, neither for the flexible IP nor for its virtual MAC
     * address. Looks at once, then at growing intervals; a look that fails is tried again. Rejects with
     * a `WaitError` that holds what was last seen when the time is up, or when the flexible IP is in
     * `error`, `locked`, or gone.
     */
    waitForFlexibleIP(request: GetFlexibleIPRequest, options?: CallOptions): Promise<FlexibleIP>;
    /** The same for several of one zone, in the order of `fipsIds`: they are looked at together, by one list a look. */
    waitForFlexibleIPs(request: WaitForFlexibleIPsRequest, options?: CallOptions): Promise<FlexibleIP[]>;
    /** Waits until a flexible IP that was deleted is gone: one that was attached takes some seconds. */
    waitUntilDeleted(request: GetFlexibleIPRequest, options?: CallOptions): Promise<void>;
    /**
     * Brings flexible IPs to a server, wherever they are now, and waits until they are attached. Those
     * that are there already are left alone; those on another server are detached first, or attached
     * at once with `strategy: 'direct'`. MAC groups move as one and must be named whole. Rejects with
     * an `IncompleteError` that says for each where it is.
     */
    ensureAttached(request: EnsureAttachedRequest & {
        dryRun: true;
    }, options?: CallOptions): Promise<MoveStep[]>;
    ensureAttached(request: EnsureAttachedRequest, options?: CallOptions): Promise<FlexibleIP[]>;
    /**
     * Moves the flexible IPs of one server to another, MAC groups whole, all groups at once, and waits
     * until they are attached. With `dryRun: true` it gives the steps and changes nothing. Rejects with
     * an `IncompleteError` that says for each where it is; the same call goes on from there. An abort
     * stops between two steps.
     */
    failover(request: FailoverRequest & {
        dryRun: true;
    }, options?: CallOptions): Promise<MoveStep[]>;
    failover(request: FailoverRequest, options?: CallOptions): Promise<FlexibleIP[]>;
    /** Makes a flexible IP and waits until it is attached to `serverId`. Should the wait fail, its `WaitError` names the flexible IP. */
    createAndAttach(request: CreateFlexibleIPRequest & {
        serverId: string;
    }, options?: CreateOptions): Promise<FlexibleIP>;
    /**
     * Finds the flexible IP of an address: bare, with its prefix, IPv6 in any spelling and any address
     * of the block. In the zone of the request, the client's, or else in all of them.
     */
    findByIp(address: string, request?: ListFlexibleIPsRequest, options?: CallOptions): Promise<FlexibleIP | undefined>;
    /** The same operations, each giving its result with the answer's status, headers and request id. */
    get withResponse(): RawOperations;
}

/** The exact texts of a result's times: up to nanoseconds, of which a `Date` holds milliseconds. */
interface ExactTimes {
    createdAt: string | undefined;
    updatedAt: string | undefined;
}
/**
 * The exact times of a flexible IP or a MAC address that this library gave you, as the service wrote
 * them: nanoseconds in the answer to a write, microseconds in later reads. A copy has none.
 */
declare function exactTimes(result: {
    createdAt?: Date;
    updatedAt?: Date;
}): ExactTimes;

/** How much is logged: each level has those before it. */
type LogLevel = 'error' | 'warn' | 'info' | 'debug';
/**
 * Makes an `onEvent` that logs: steps that failed as `error`; retries and looks that failed as `warn`;
 * steps as `info`; requests, answers and waits as `debug`.
 *
 * @example
 * const client = new FlexibleIpClient({ secretKey, onEvent: consoleLogger({ level: 'debug' }) })
 */
declare function consoleLogger({ level, console, }?: {
    level?: LogLevel;
    console?: Pick<Console, LogLevel>;
}): (event: ClientEvent) => void;

/** One function for each operation. */
type PerOperation<Result> = {
    readonly [Name in keyof Operations]: (request: Operations[Name]['request'], defaults?: RequestDefaults) => Result;
};
/**
 * Checks a request without sending it. Gives every problem, warnings included; none means that it
 * would be sent.
 *
 * @example
 * validate.getFlexibleIP({ zone: 'fr-par-1', fipId: 'x' })[0]?.helpMessage // 'value must be a valid UUID; found "x"'
 */
declare const validate: PerOperation<Problem[]>;
/**
 * Builds a request without sending it: method, URL, headers without the credentials, body.
 * Throws an `InvalidArgumentsError` when it breaks a rule.
 */
declare const buildRequest: PerOperation<BuiltRequest>;
/**
 * Whether the virtual MAC address of `source` may be duplicated to `destination`: both must be
 * attached to the same server. No problem means yes; the problem names both servers.
 */
declare function checkSameServer(source: FlexibleIP, destination: FlexibleIP): Problem[];
/** Puts flexible IPs into their MAC groups: those that carry one virtual MAC address move together. Who carries none is alone. */
declare function macGroups(ips: readonly FlexibleIP[]): FlexibleIP[][];
/** Reads an IPv4 or IPv6 address in any spelling, with or without a prefix; `undefined` if it is none. */
declare function parseIp(text: string): ParsedIp | undefined;
/** The resource name of a flexible IP, as Scaleway's other tools write it. */
declare function srn({ id, zone }: Pick<FlexibleIP, 'id' | 'zone'>): string;

export { AlreadyExistsError, AmbiguousResultError, ConfigurationError, ConflictError, ConnectionError, DecodeError, DeniedAuthenticationError, FlexibleIpClient, FlexipError, IncompleteError, InternalServerError, InvalidArgumentsError, Listing, OutOfStockError, PermissionsDeniedError, PreconditionFailedError, QuotasExceededError, ResourceExpiredError, ResourceLockedError, ResourceNotFoundError, ServiceUnavailableError, TimeoutError, TooManyRequestsError, TransientStateError, UnexpectedAnswerError, WaitError, buildRequest, checkSameServer, consoleLogger, exactTimes, isFlexipError, macGroups, parseIp, srn, validate };
export type { AllZones, AttachFlexibleIPRequest, AttachFlexibleIPsResponse, BuiltRequest, CallOptions, ClientEvent, ClientOptions, CreateFlexibleIPRequest, CreateOptions, DeleteFlexibleIPRequest, DeleteMACAddrRequest, DetachFlexibleIPRequest, DetachFlexibleIPsResponse, DuplicateMACAddrRequest, EnsureAttachedRequest, EventError, ExactTimes, FailoverRequest, FailureContext, Fetch, FetchInit, FetchedResponse, FlexibleIP, FlexibleIPStatus, GenerateMACAddrRequest, GetFlexibleIPRequest, InvalidArgument, ListFlexibleIPsRequest, ListFlexibleIPsRequestOrderBy, ListFlexibleIPsResponse, LogLevel, LookFailedEvent, MACAddress, MACAddressStatus, MACAddressType, Move, MoveMACAddrRequest, MoveStep, ParsedIp, Problem, RequestDefaults, RequestEvent, ResponseEvent, RetryEvent, RetryOptions, StepEvent, UpdateFlexibleIPRequest, WaitEvent, WaitForFlexibleIPsRequest, WithResponse, Zone };
