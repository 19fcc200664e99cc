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

/**
 * No response: the network failed, the `fetch` of the options did, or nothing was sent. `cause` is a copy of what
 * was thrown: name, message, code, stack, causes, without secrets.
 */
declare class ConnectionError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "connection";
}
/** No response within `timeoutMs`. It is unknown whether the service made the change. */
declare class TimeoutError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "timeout";
}
/** A success whose body is not what the API promises. The message names the field. */
declare class DecodeError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "decode";
    /** The field, as it stands on the wire: `flexible_ips[3].status`. */
    readonly field?: string;
}
/**
 * The response was lost, no readback can decide whether the change was made, and a retry could make it
 * twice. `cause` is the error of the lost response. Read the flexible IPs before you call again; for
 * `createFlexibleIP`, an `idempotencyKey` lets the library do so.
 */
declare class AmbiguousResultError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "ambiguous_result";
}


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
 * The hypervisor that a virtual MAC address is for.
 */
type MACAddressType = "unknown_type" | "vmware" | "xen" | "kvm";

/**
 * The status of a flexible IP. `updating` and `detaching` are transitions and end by themselves.
 */
type FlexibleIPStatus = "unknown" | "ready" | "updating" | "attached" | "error" | "detaching" | "locked";

/**
 * The status of a virtual MAC address. `updating` and `deleting` are transitions and end by themselves.
 */
type MACAddressStatus = "unknown" | "ready" | "updating" | "used" | "error" | "deleting";

/**
 * A wait failed: its time was up, or the flexible IP is stuck, gone, on another server than the asked one, or
 * was refused for two minutes. `cause` is the last poll that failed or was refused, or in a move the last step
 * that failed, with its own status and request id.
 */
declare class WaitError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "wait";
    /** The id of the flexible IP that was waited for. */
    readonly fipId: string;
    /** The last known state of the flexible IP. */
    readonly last?: FlexibleIP;
}
/** How the move of one flexible IP ended. */
interface Move {
    /** The id of the flexible IP. */
    fipId: string;
    /** Whether the flexible IP is attached to the target. */
    arrived: boolean;
    /** Whether it was attached back to the server that it came from, because the target refused it. */
    returned: boolean;
    /** The last known state of the flexible IP: its server, its status. */
    last?: FlexibleIP;
    /** Why it did not arrive. Absent if the caller aborted the move and the target had not refused it. */
    error?: FlexipError;
}
/**
 * Not every flexible IP arrived. `moves` has the state of each. An abort that came after the first change
 * is such an error too: its `code` is `aborted`, and its `cause` the reason of the signal.
 */
declare class IncompleteError extends FlexipError {
    static get name(): string;
    /** The codes of this class. */
    readonly code: 'incomplete' | 'aborted';
    constructor(message: string, options?: {
        cause?: unknown;
    }, context?: Partial<FailureContext>);
    /** How the move of each flexible IP ended. */
    readonly moves: readonly Move[];
    /**
     * The request of `ensureAttached` that continues the move, in any process: it is plain JSON. Absent if
     * none of the flexible IPs can be moved any more.
     */
    readonly resume?: Pick<EnsureAttachedRequest, 'fipsIds' | 'serverId' | 'strategy' | 'onRefusal'> & {
        zone: string;
    };
}
/**
 * The pages of a list did not agree, however often they were read: the list changes too fast, or the
 * responses contradict each other. The same call may succeed later.
 */
declare class IncompleteListError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "incomplete_list";
    /** All flexible IPs that were read. Others may exist. */
    readonly flexibleIps: readonly FlexibleIP[];
    /** The total that the last page stated. */
    readonly totalCount: number;
}

/** An argument that was refused, before the request was sent or by the service. */
interface InvalidArgument extends Partial<Pick<Problem, 'field' | 'severity'>> {
    /** The argument as the API writes it: `fips_ids`. */
    argumentName: string;
    /** `required`, `format`, `constraint`, `unknown`, or another word of the service's. */
    reason: string;
    /** What was found and what is allowed. */
    helpMessage?: string;
}
/** Arguments break rules of the API: found by the client before anything was sent (`attempts` 0), or by the service (400). */
declare class InvalidArgumentsError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "invalid_arguments";
    /** Every argument that was refused. */
    readonly details: readonly InvalidArgument[];
}
/** The options cannot work, or WebAssembly cannot be compiled in this environment. */
declare class ConfigurationError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "configuration";
    /** Every option that was refused. */
    readonly details: readonly InvalidArgument[];
}
/** The emulator's WebAssembly module failed within. The emulator cannot be used any more, nor any other of the process so far. A new one can. */
declare class EmulatorTrapError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "emulator_trap";
}

/** 401: the key is unknown, expired or malformed. */
declare class DeniedAuthenticationError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "denied_authentication";
    /** How the caller authenticated: `api_key`, `jwt`. */
    readonly authenticationMethod?: string;
    /** Why it was denied: `not_found`, `expired`, `invalid_argument`. */
    readonly reason?: string;
}
/** 403: not allowed, in another Project, or deleted. The service responds so for a flexible IP that was deleted. */
declare class PermissionsDeniedError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "permissions_denied";
    /** Which actions on which resources were denied. */
    readonly details: readonly {
        action: string;
        resource: string;
    }[];
}
/** 403: a quota of the Organization or the Project is used up. */
declare class QuotasExceededError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "quotas_exceeded";
    /** Which quotas. */
    readonly details: readonly {
        resource: string;
        quota: number;
        current: number;
    }[];
}
/** 404: there is no such resource. */
declare class ResourceNotFoundError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "not_found";
    /** The kind of resource. */
    readonly resource?: string;
    /** The id of the resource. */
    readonly resourceId?: string;
}
/** 409: a transition of the resource is under way. It ends by itself. */
declare class TransientStateError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "transient_state";
    /** The kind of resource. */
    readonly resource?: string;
    /** The id of the resource. */
    readonly resourceId?: string;
    /** The status of the resource, such as `updating`. */
    readonly currentState?: string;
}
/** 409: the resource exists already. */
declare class AlreadyExistsError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "already_exists";
    /** The kind of resource. */
    readonly resource?: string;
    /** The id of the resource. */
    readonly resourceId?: string;
    /** What to do. */
    readonly helpMessage?: string;
}
/** 409 of any other type: another request changes the same resource. */
declare class ConflictError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "conflict";
}
/** 410: the resource has expired. The service spells this type in two ways; both become this class. */
declare class ResourceExpiredError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "expired";
    /** The kind of resource. */
    readonly resource?: string;
    /** The id of the resource. */
    readonly resourceId?: string;
    /** When it expired. */
    readonly expiredSince?: Date;
}
/** 412: another change has to be made first. */
declare class PreconditionFailedError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "precondition_failed";
    /** The precondition that failed: `resource_not_usable`, `resource_still_in_use`, `attribute_must_be_set`, … */
    readonly precondition?: string;
    /** What to do. */
    readonly helpMessage?: string;
}
/** 423: the service has locked the resource. */
declare class ResourceLockedError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "locked";
    /** The kind of resource. */
    readonly resource?: string;
    /** The id of the resource. */
    readonly resourceId?: string;
}
/** 429: too many requests. The gateway's own 429, which has neither body nor `Retry-After`, is one too. */
declare class TooManyRequestsError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "too_many_requests";
    /** What to do. */
    readonly helpMessage?: string;
}
/** 503: no flexible IP is left in the zone. */
declare class OutOfStockError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "out_of_stock";
    /** The kind of resource. */
    readonly resource?: string;
}
/** 500: the service failed. It is unknown whether it made the change. */
declare class InternalServerError extends FlexipError {
    static get name(): string;
    /** The code of this class. */
    readonly code = "internal_error";
}
/** 502, 503, 504, 408: the gateway did not reach the service, or got no response from it. */
declare class ServiceUnavailableError extends FlexipError {
    static get name(): string;
    /** The codes of this class. */
    readonly code: 'unavailable' | 'request_timeout';
    constructor(message: string, options?: {
        cause?: unknown;
    }, context?: Partial<FailureContext>);
}
/** A response that the API does not have: another status, a redirection. */
declare class UnexpectedResponseError extends FlexipError {
    static get name(): string;
    /** The codes of this class. */
    readonly code: 'unexpected_response' | 'aborted';
    constructor(message: string, options?: {
        cause?: unknown;
    }, context?: Partial<FailureContext>);
}

/** An error of this library. A `switch` over its `code` narrows it to a class. */
type AnyFlexipError = AlreadyExistsError | AmbiguousResultError | ConfigurationError | ConflictError | ConnectionError | DecodeError | DeniedAuthenticationError | EmulatorTrapError | IncompleteError | IncompleteListError | InternalServerError | InvalidArgumentsError | OutOfStockError | PermissionsDeniedError | PreconditionFailedError | QuotasExceededError | ResourceExpiredError | ResourceLockedError | ResourceNotFoundError | ServiceUnavailableError | TimeoutError | TooManyRequestsError | TransientStateError | UnexpectedResponseError | WaitError;
/** Whether a value is an error of this library, also of another copy of it. Never throws. */
declare function isFlexipError(error: unknown): error is AnyFlexipError;

/**
 * A body that arrives slowly: in pieces of about the same size, at equal intervals.
 */
interface Drip {
    /**
     * The number of pieces, at most the number of bytes.
     */
    pieces: number;
    /**
     * The time until the last piece, in milliseconds.
     */
    overMs: number;
}

/**
 * A fault rule that was added, with what it did so far.
 */
interface ListedFault {
    /**
     * The number of the rule, in the order in which the rules were added, from 1.
     */
    id: number;
    /**
     * The rule.
     */
    rule: FaultRule;
    /**
     * How many requests matched the rule.
     */
    requests: number;
    /**
     * How often the fault was injected. A flap counts once.
     */
    injections: number;
}

/**
 * A number of milliseconds, or a range to draw it from.
 */
type FaultDelay = number | { min: number; max: number };

/**
 * A refusal with a `Retry-After`.
 */
interface RetryAfter {
    /**
     * The value of the header.
     */
    form: RetryAfterForm;
    /**
     * The status, from 300 to 599. 429 if absent.
     */
    status?: number;
}

/**
 * A response from a cache.
 */
interface Stale {
    /**
     * Whether the cache also responds to a request that forbids it by `Cache-Control: no-store` or `no-cache`, or
     * by `Pragma: no-cache`.
     */
    evenNoStore?: boolean | undefined;
}

/**
 * A response that a fault sends.
 */
interface FaultStatus {
    /**
     * The status.
     */
    status: number;
    /**
     * The body. A text is sent as it is, any other value as JSON.
     */
    body?: unknown;
    /**
     * The headers, such as `Retry-After`.
     */
    headers?: Record<string, string> | undefined;
    /**
     * Whether the work is done first. A request that the service refuses gets its refusal.
     */
    after?: boolean | undefined;
}

/**
 * A server that flexible IPs can be attached to.
 */
interface EmulatedServer {
    /**
     * The id.
     */
    id: string;
    /**
     * The name.
     */
    name: string;
    /**
     * The zone.
     */
    zone: string;
}

/**
 * A token bucket. It is full at first. A call that finds it empty gets a bare 429.
 */
interface RateGate {
    /**
     * How many calls per second pass in the long run.
     */
    perSecond: number;
    /**
     * How many calls pass at once.
     */
    burst: number;
}

/**
 * How long permissions are refused: for a time, or for a number of requests.
 */
interface Flap {
    /**
     * For this many milliseconds from the first refusal, by the emulator's clock.
     */
    forMs?: number | undefined;
    /**
     * For this many matching requests.
     */
    calls?: number | undefined;
}

/**
 * How long transitions take.
 */
type Timing = 'instant' | 'recorded' | Partial<Delays>;

/**
 * How many flexible IPs exist from the start.
 */
type Population = number | Record<string, number>;

/**
 * One request in the journal.
 */
interface JournalEntry {
    /**
     * The number of the request, from 1.
     */
    number: number;
    /**
     * When it was received, in milliseconds since the Unix epoch.
     */
    at: number;
    /**
     * The method.
     */
    method: string;
    /**
     * Path and query.
     */
    target: string;
    /**
     * The headers.
     */
    headers: [string, string][];
    /**
     * The body as text. Bytes that are not UTF-8 are replaced. Of a body over 64 KiB it has the length only.
     */
    body: string;
    /**
     * The operation, by its name in JavaScript; none for a path or method that the API does not have.
     */
    operation: string | undefined;
    /**
     * The `X-Request-Id` of the response.
     */
    requestId: string;
    /**
     * The status of the response; none if the connection ended before it.
     */
    status: number | undefined;
    /**
     * Whether the emulator does not have this method and path.
     */
    unmatched: boolean;
    /**
     * The fault that was injected.
     */
    fault: string | undefined;
    /**
     * The id of the fault's rule: its number in the order in which the rules were added, from 1.
     */
    rule: number | undefined;
    /**
     * How long a fault delays the response and its body together, in milliseconds.
     */
    durationMs: number;
}

/**
 * The `type` in the body of status 410.
 */
type ExpiredSpelling = "expired" | "resourceExpired";

/**
 * The delay of each transition.
 */
interface Delays {
    /**
     * From attach to `attached`. Measured on 23 attaches.
     */
    attach?: Spread | undefined;
    /**
     * From create with a server to `attached`. Measured on 61 creates.
     */
    create?: Spread | undefined;
    /**
     * Between the ends of two attaches to one server, which are served one after the other. Measured.
     */
    betweenAttaches?: Spread | undefined;
    /**
     * From generating a MAC address on an attached flexible IP to `attached`. Measured on 8.
     */
    generateMac?: Spread | undefined;
    /**
     * From duplicating a MAC address to `attached`. Measured on 16.
     */
    duplicateMac?: Spread | undefined;
    /**
     * From moving a MAC address to an attached flexible IP to `attached`. Unknown: as for duplicating.
     */
    moveMac?: Spread | undefined;
    /**
     * From deleting the MAC address of an attached flexible IP to `attached`. Unknown: as for generating.
     */
    deleteMac?: Spread | undefined;
    /**
     * From detach to `ready`. Unknown: as for the detaching after the removal of a server.
     */
    detach?: Spread | undefined;
    /**
     * From the removal of a server to `detaching` on its flexible IPs. Measured once.
     */
    serverRemoval?: Spread | undefined;
    /**
     * From that `detaching` to `ready`. Measured.
     */
    serverDetach?: Spread | undefined;
    /**
     * From deleting an attached flexible IP until it is gone. Measured.
     */
    delete?: Spread | undefined;
    /**
     * From deleting an attached member of a MAC group to the loss of its MAC address. Measured once.
     */
    groupDelete?: Spread | undefined;
    /**
     * From that loss until it is gone. Measured: 5 to 15 s together with `groupDelete`.
     */
    groupRelease?: Spread | undefined;
    /**
     * From the removal of a server until it is gone. Measured: within one poll of 5 s.
     */
    serverDelete?: Spread | undefined;
}

/**
 * The effect of a page size that is too large.
 */
type Oversized = "clamp" | "refuse";

/**
 * The effect of deleting a MAC address that does not exist.
 */
type NoMac = "nothing" | "preconditionFailed";

/**
 * The effect of duplicating or moving a MAC address to a flexible IP that has one.
 */
type Occupied = "preconditionFailed" | "alreadyExists" | "replace";

/**
 * The order of the keys in responses.
 */
type KeyOrder = "described" | "alphabetical";

/**
 * The response about a flexible IP that does not exist.
 */
type Missing = "permissionsDenied" | "notFound" | "expired";

/**
 * The response to a malformed part of the path.
 */
type Malformed = "invalidArguments" | "notFound";

/**
 * The response to an unknown server.
 */
type UnknownServer = "notFound" | "internalError";

/**
 * The reverse of a flexible IP that was created without one.
 */
type FreshReverse = "default" | "empty" | "previous";

/**
 * The settings. In JSON the names are in camel case, and a field that is left out has its default.
 */
interface EmulatorSettings {
    /**
     * The seed of all random numbers: the same seed and the same requests give the same responses.
     */
    seed?: number | undefined;
    /**
     * How long transitions take: `"instant"`, `"recorded"`, or milliseconds for each.
     */
    timing?: Timing | undefined;
    /**
     * Whether requests must carry the secret key or the session token.
     */
    requireToken?: boolean | undefined;
    /**
     * The Organization's id. The default follows from the seed.
     */
    organizationId?: string | undefined;
    /**
     * The default Project's id. The default follows from the seed.
     */
    projectId?: string | undefined;
    /**
     * Further Projects of the Organization.
     */
    projects?: string[] | undefined;
    /**
     * How many requests the journal keeps.
     */
    journalLimit?: number | undefined;
    /**
     * How many bytes the journal keeps, about. The oldest requests are removed first. Of a body over 64 KiB
     * only the length is kept.
     */
    journalBytes?: number | undefined;
    /**
     * How many flexible IPs the Organization may have in all zones together. The default is no limit.
     */
    quota?: number | undefined;
    /**
     * How many flexible IPs exist from the start: a number, spread over all zones, or a number for each
     * of some zones. Their tags, statuses, Projects and servers follow from the seed.
     */
    population?: Population | undefined;
    /**
     * The order of the keys in responses. Both were seen, the alphabetical order more often and more
     * recently.
     */
    keyOrder?: KeyOrder | undefined;
    /**
     * The spelling of the error of status 410: the official SDKs disagree.
     */
    expiredSpelling?: ExpiredSpelling | undefined;
    /**
     * The reverse that reads show after a create that names none. The response to the create always
     * shows the default reverse. Since 2023-08 reads do too. Before, they were seen to show an empty
     * reverse, and a few times the previous tenant's.
     */
    freshReverse?: FreshReverse | undefined;
    /**
     * IPv4 blocks of each zone's pool. The defaults are the ranges seen in the zone, or a block for
     * documentation where none was seen, followed by a private block of millions of addresses. Blocks must
     * not overlap. A default that overlaps a block that is set is left out.
     */
    ipv4Blocks?: Record<string, string[]> | undefined;
    /**
     * IPv6 blocks of each zone's pool. Of the defaults only fr-par-1's was seen; the others are blocks
     * for documentation.
     */
    ipv6Blocks?: Record<string, string[]> | undefined;
    /**
     * The response about a flexible IP that was deleted. A GET was seen to be refused with 403. That
     * other requests are refused in the same way is inferred.
     */
    goneIp?: Missing | undefined;
    /**
     * The response about a flexible IP that never existed. The service's permission check, which refuses
     * a deleted one, cannot distinguish the two. (On the paths below `/mac` it is 404, as was seen.)
     */
    neverIp?: Missing | undefined;
    /**
     * The response to an id in the path that is not a UUID.
     */
    malformedId?: Malformed | undefined;
    /**
     * The response to a zone where no flexible IPs are sold.
     */
    unknownZone?: Malformed | undefined;
    /**
     * Whether a page size over 100 counts as 100, or is refused.
     */
    oversizedPage?: Oversized | undefined;
    /**
     * Whether a malformed query argument (page, order, status, id) is refused, or ignored.
     */
    refuseMalformedQuery?: boolean | undefined;
    /**
     * Whether a create without `project_id` is refused, since the API's description requires it, or uses
     * the default Project.
     */
    requireProject?: boolean | undefined;
    /**
     * The response to a server id that is not in the zone. 500 was seen in 2022, for an Instance.
     */
    unknownServer?: UnknownServer | undefined;
    /**
     * Whether attaching a flexible IP to the server that it is attached to is refused with 412, or
     * changes nothing, as detaching a detached one does.
     */
    refuseSameServer?: boolean | undefined;
    /**
     * Whether an attached flexible IP can be attached to another server directly, as in the console, or
     * must be detached first (412). Until it is attached it is `updating` and shows no server.
     */
    directReattach?: boolean | undefined;
    /**
     * Whether one request can attach or detach several flexible IPs that are not one MAC group. The
     * API's description says that they must be.
     */
    severalWithoutGroup?: boolean | undefined;
    /**
     * Whether writes to a flexible IP that is `updating` or `detaching` are refused with 409, or carried
     * out. OpenNebula's driver retries attaches after such responses.
     */
    refuseBusy?: boolean | undefined;
    /**
     * Whether `refuseBusy` refuses a PATCH too. A PATCH starts no transition, and was seen to work on an
     * attached flexible IP.
     */
    refuseBusyUpdate?: boolean | undefined;
    /**
     * Whether `refuseBusy` refuses a DELETE of an `updating` flexible IP too. A `detaching` one can always
     * be deleted.
     */
    refuseBusyDelete?: boolean | undefined;
    /**
     * Whether a MAC address can be generated for an IPv6 block. No document forbids it.
     */
    macOnIpv6?: boolean | undefined;
    /**
     * Whether generating a MAC address of the type `unknown_type` is refused, or gives one for KVM.
     */
    refuseUnknownMacType?: boolean | undefined;
    /**
     * The first three bytes of a MAC address for VMware: the vendor's prefix.
     */
    vmwarePrefix?: [number, number, number] | undefined;
    /**
     * The first three bytes of a MAC address for Xen: the vendor's prefix.
     */
    xenPrefix?: [number, number, number] | undefined;
    /**
     * The response to duplicating or moving a MAC address to a flexible IP that has one.
     */
    occupiedDestination?: Occupied | undefined;
    /**
     * Whether a MAC address can be moved to a flexible IP on another server, or from an attached one to
     * one that is not. The MAC address of a MAC group never can.
     */
    moveElsewhere?: boolean | undefined;
    /**
     * The response to deleting the MAC address of a flexible IP that has none.
     */
    deleteNoMac?: NoMac | undefined;
    /**
     * Whether a MAC address that is being deleted from an attached flexible IP shows `deleting`, which is
     * in the API's description and was never seen, or `updating`.
     */
    showDeletingMac?: boolean | undefined;
    /**
     * Whether the MAC address of a flexible IP that is being attached shows `updating`, or `ready`.
     */
    showAttachingMac?: boolean | undefined;
    /**
     * Of 100 attaches to a busy server, how many are served before an earlier one that is still pending.
     * The server was seen not to serve all of them in the order of the requests.
     */
    attachDisorder?: number | undefined;
    /**
     * How many flexible IPs one server may have.
     */
    serverLimit?: number | undefined;
    /**
     * The name of the quota of flexible IPs on a server, in `quotas_exceeded`.
     */
    serverLimitName?: string | undefined;
    /**
     * The name of the quota of flexible IPs in the Organization, in `quotas_exceeded`.
     */
    quotaName?: string | undefined;
    /**
     * Whether a reverse must resolve to its address. Other products' APIs refuse one that does not. The
     * emulator does not query DNS: it refuses the names under `.invalid`, which never resolve.
     */
    reverseMustResolve?: boolean | undefined;
}

/**
 * The smallest, the median and the largest value of a delay, in milliseconds.
 * In JSON, a list of the three, or one number for a fixed delay.
 */
type Spread = number | [min: number, median: number, max: number];

/**
 * The value of a `Retry-After`: the forms of the standard, and what servers send besides them.
 */
type RetryAfterForm = { seconds: number } | { date: number } | "pastDate" | "negative" | "garbage" | "huge";

/**
 * What a request gets whose work is done later.
 */
type LateResponse = { status: number } | "drop" | "reset";

/**
 * What happens in place of the response, or to it.
 */
type Fault = { status: FaultStatus } | "rateLimit" | { rateGate: RateGate } | { delay: FaultDelay } | "dropBefore" | "dropAfter" | "resetBefore" | "resetAfter" | { truncate: number } | "garbage" | { drip: Drip } | { chunked: number } | "gzip" | { retryAfter: RetryAfter } | { late: Late } | { tear: Tear } | { flap: Flap } | "repeatPage" | { shiftPage: number } | { wrongTotal: number } | { portal: number } | "reuse" | { stale: Stale };

/**
 * When a fault is injected, and which. All conditions must hold.
 */
interface FaultRule {
    /**
     * Only into this operation, by its name in JavaScript.
     */
    operation?: string | undefined;
    /**
     * Only where the path names this zone.
     */
    zone?: string | undefined;
    /**
     * Only where the path names this flexible IP. The paths of list, create, attach and detach name none.
     */
    fipId?: string | undefined;
    /**
     * Only from this matching call on, counted from 1.
     */
    nth?: number | undefined;
    /**
     * At most this many times. Without it, once if `nth` is set, else any number of times. A flap counts once.
     */
    times?: number | undefined;
    /**
     * The probability for each matching call, from 0 to 1.
     */
    probability?: number | undefined;
    /**
     * What happens.
     */
    fault: Fault;
}

/**
 * Which flexible IPs of a list are shown as they were just before their last change. Only changes since the
 * rule was added are known.
 */
interface Tear {
    /**
     * These, by their ids. Without them, chance decides for each.
     */
    fipsIds?: string[] | undefined;
    /**
     * The probability for each flexible IP, from 0 to 1. 0.5 if absent.
     */
    share?: number | undefined;
    /**
     * Only those that changed within so many milliseconds before the request.
     */
    withinMs?: number | undefined;
}

/**
 * Work that is done after its response.
 */
interface Late {
    /**
     * How many milliseconds after the request the work is done, by the emulator's clock.
     */
    ms: FaultDelay;
    /**
     * What the request gets at once. Status 504 if absent.
     */
    with?: LateResponse | undefined;
}

/** A server that exists from the start. */
interface FirstServer {
    /** The zone of the server. */
    zone: string;
    /** Its name. `server` if absent. */
    name?: string | undefined;
}

/** The options of an emulator: its settings, each with a default, and its clock. */
interface EmulatorOptions extends Partial<EmulatorSettings> {
    /** The secret key that requests must carry in `X-Auth-Token`. If absent, it is derived from the seed. */
    secretKey?: string | undefined;
    /** A session token that is accepted in `X-Session-Token` besides the secret key. */
    sessionToken?: string | undefined;
    /**
     * `real`: transitions take their time. `manual`: time moves only by `advance`, from `startsAt` on, so that the
     * same seed gives the same run. `real` if absent.
     */
    clock?: 'real' | 'manual' | undefined;
    /** Where a manual clock starts. 2026-01-01T00:00:00Z if absent. */
    startsAt?: Date | undefined;
    /** Servers that exist from the start, and again after `reset`. */
    servers?: readonly FirstServer[] | undefined;
    /** Fault rules that exist from the start, and again after `reset`. */
    faults?: readonly FaultRule[] | undefined;
}
/**
 * The Flexible IP API in the same process. It needs no account and no network.
 *
 * @example
 * import { FlexibleIpEmulator } from 'flexip/emulator'
 *
 * const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'recorded', clock: 'manual' })
 * const server = emulator.addServer({ zone: 'fr-par-1', name: 'web-1' })
 * const url = 'https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips'
 * const response = await emulator.fetch(url, { headers: { 'X-Auth-Token': emulator.secretKey } })
 * response.status // 200
 */
declare class FlexibleIpEmulator {
    /** The name of the class. Minifying cannot change it. */
    static get name(): string;
    /** Throws a `ConfigurationError` when a setting is invalid. */
    constructor(options?: EmulatorOptions);
    /** The secret key that requests must carry in `X-Auth-Token`. */
    get secretKey(): string;
    /** The id of the default Project. */
    get projectId(): string;
    /** The id of the Organization. */
    get organizationId(): string;
    /** The time of the emulator's clock. */
    get now(): Date;
    /**
     * Handles a request as the service does. Pass it to a client, put it in the place of the global `fetch`, or
     * call it in a service worker. The host of the URL does not matter, and a path alone will do. Rejects with a
     * `TypeError` where any other `fetch` does.
     */
    readonly fetch: (input: string | PlatformURL | PlatformRequest, init?: PlatformRequestInit) => Promise<PlatformResponse>;
    /** Moves a manual clock forward by this many milliseconds. All transitions that fall due are made. */
    advance(ms: number): void;
    /** The time until the next transition, in milliseconds; `undefined` if none is under way. */
    msToNextTransition(): number | undefined;
    /** Adds an Elastic Metal server, to which flexible IPs of its zone can be attached. */
    addServer(server: {
        zone: string;
        name?: string | undefined;
    }): EmulatedServer;
    /** Deletes a server. Its flexible IPs are detached a little later, and are not deleted. Returns whether the server existed. */
    removeServer(id: string): boolean;
    /** The servers. */
    get servers(): EmulatedServer[];
    /**
     * Puts a flexible IP into a status that no request leads to, such as `locked` or `error`, and ends its
     * transition, if one is under way. Returns whether the flexible IP exists.
     */
    forceStatus(fipId: string, status: FlexibleIPStatus): boolean;
    /** Sets how long transitions take, from the next one on. */
    setTiming(timing: Timing): void;
    /** Adds a fault rule: which requests fail, when and how. Returns the id of the rule. */
    addFault(rule: FaultRule): number;
    /** The fault rules, in the order in which they were added, with what each did so far. */
    get faults(): ListedFault[];
    /** Removes a fault rule. Returns whether the rule existed. */
    removeFault(id: number): boolean;
    /** Removes all fault rules. The next rule gets the id 1. */
    clearFaults(): void;
    /** The latest requests, oldest first, without secrets. */
    get journal(): JournalEntry[];
    /** Empties the journal. */
    clearJournal(): void;
    /** Returns the whole state as a string, with the time, and without settings, journal and secrets. */
    snapshot(): string;
    /** Replaces the whole state by that of a snapshot, and sets a manual clock to its time. Throws a `ConfigurationError`, with the state unchanged, when it is not one, or is not a possible state. */
    restore(snapshot: string): void;
    /** Returns to the state at the start: the first servers, fault rules and population, an empty journal. Sets a manual clock back to its start, and a real one to the system's time. */
    reset(): void;
}

/**
 * What a program brings: the URL of the file, a `Response` with it or a promise of one, its bytes, or a
 * `WebAssembly.Module`.
 */
type ModuleSource = string | object;

/**
 * Sets the WebAssembly module: the URL of `flexip/emulator.wasm`, a `Response` with it, its bytes, or a
 * `WebAssembly.Module`. Bytes and a module are set when it returns; anything else when its promise resolves.
 * Rejects with a `ConfigurationError` if the file cannot be loaded, or is another file.
 */
declare function load(wasm: ModuleSource): Promise<void>;

export { ConfigurationError, EmulatorTrapError, FlexibleIpEmulator, FlexipError, isFlexipError, load };
export type { AnyFlexipError, CalledName, Delays, Drip, EmulatedServer, EmulatorOptions, EmulatorSettings, ErrorCode, ExpiredSpelling, FailureContext, Fault, FaultDelay, FaultRule, FaultStatus, FirstServer, Flap, FreshReverse, JournalEntry, KeyOrder, Late, LateResponse, ListedFault, Malformed, Missing, ModuleSource, NoMac, Occupied, Oversized, Population, RateGate, RetryAfter, RetryAfterForm, Spread, Stale, Tear, Timing, UnknownServer };
