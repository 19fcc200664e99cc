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

/** An operation that a policy can allow: one of the 11, or reading Elastic Metal servers. */
type ProxyOperation = OperationName | 'listServers' | 'getServer';

/** One call: the caller, what was asked, and how it ended. It has no secret. A preflight of CORS that is allowed is not a call. */
interface ProxyAuditEvent {
    /** When the call ended. */
    at: Date;
    /** The `id` of the caller; absent if the call was refused before the caller was known. */
    caller?: string;
    /** The HTTP method. */
    method: string;
    /** The path as it was sent, without its query. */
    path: string;
    /** The operation, also of a call that is refused; absent for a path or a method that has none. */
    operation?: ProxyOperation;
    /** The zone. */
    zone?: string;
    /** The ids of the flexible IPs that the path and the body name. The body is read only if the caller is known and within its limits. */
    fipIds: readonly string[];
    /** The id of the server that the call names. */
    serverId?: string;
    /** The id of the Project that a list or a create was limited to. */
    projectId?: string;
    /** `answered`: the status is the service's. `refused`: the proxy refused, and the call was not forwarded. `failed`: the proxy or the service gave no answer, or the caller of a read was gone before the service answered. */
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
    /** The method. */
    readonly method?: string | undefined;
    /** The path and the query. */
    readonly url?: string | undefined;
    /** Express cuts `url`; this is the whole. */
    readonly originalUrl?: string | undefined;
    /** Names and values in turn, as they were sent. */
    readonly rawHeaders: readonly string[];
}
/** The part of Node's `ServerResponse` that is used. */
interface NodeResponse {
    /** Writes the status and the headers. */
    writeHead(status: number, headers: Record<string, string>): unknown;
    /** Writes the body, and ends. */
    end(body?: string): unknown;
    /** Calls a listener when the connection is closed. */
    once(event: 'close', listener: () => void): unknown;
    /** Whether all was sent. */
    readonly writableFinished: boolean;
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
declare function toNodeHandler(proxy: (request: PlatformRequest) => Promise<PlatformResponse>): (request: NodeRequest, response: NodeResponse) => Promise<void>;

/** What is allowed in some Projects: every one of the operations, in every one of the zones. */
interface ProxyGrant {
    /** The ids of the Projects. */
    projects: readonly string[];
    /** The zones. All if absent. */
    zones?: readonly string[] | undefined;
    /** The operations on flexible IPs. All if absent. */
    operations?: readonly OperationName[] | undefined;
    /** Whether the Elastic Metal servers of the Projects may be read. They can never be changed, and only fields without credentials are passed on. `false` if absent. */
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
type ProxyFetch = (url: string, init: ProxyRequestInit) => Promise<PlatformResponse>;
/** What the proxy passes to `fetch`. */
interface ProxyRequestInit {
    /** The method of HTTP. */
    method: string;
    /** The headers, with the key. */
    headers: Record<string, string>;
    /** The body, as JSON. */
    body?: string;
    /** Redirections are not followed: they could carry the key to another host. */
    redirect: 'manual';
    /** Aborted when the service takes longer than `timeoutMs`, and of a read when its caller has gone. */
    signal: PlatformAbortSignal;
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
    /**
     * Finds the caller of a request by its cookie or its `Authorization`; `undefined` refuses it with a 401. It must
     * not read the body. Write it before functions of the caller: TypeScript then knows all fields of the caller in them.
     */
    authorize: (request: PlatformRequest) => Caller | undefined | Promise<Caller | undefined>;
    /** The secret key, or a function that gives the key of a caller, so that the service's own permissions and audit stay true. No response contains it. */
    secretKey: string | ((caller: Caller) => string | Promise<string>);
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
    /**
     * The longest time that the service may take for one request, in milliseconds, and that each call of `authorize`,
     * `limits`, `policy`, `secretKey` and `onAudit` may. 30,000 if absent.
     */
    timeoutMs?: number | undefined;
    /** What callers may use up, or a function that gives the limits of a caller. */
    limits?: ProxyLimits | ((caller: Caller) => ProxyLimits | Promise<ProxyLimits>) | undefined;
    /**
     * Whether the server of an attach or a create is read first, and refused if it belongs to a Project outside the policy.
     * `true` if absent. The key must then be allowed to read Elastic Metal servers.
     */
    checkServers?: boolean | undefined;
    /** Receives an event for each call, whatever refuses it. The response waits for its promise, for at most `timeoutMs`. What it throws is dropped. */
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
 *   authorize: (request) => findUser(request.headers.get('cookie')),
 *   secretKey: process.env.SCW_SECRET_KEY,
 *   basePath: '/api/scaleway',
 *   origins: ['https://console.example'],
 *   policy: { grants: [{ projects: ['11111111-2222-4333-8444-555555555555'], zones: ['fr-par-1'] }] },
 * })
 */
declare function createProxy<Caller extends ProxyCaller>(options: ProxyOptions<Caller>): (request: PlatformRequest) => Promise<PlatformResponse>;

export { ConfigurationError, FlexipError, createProxy, isFlexipError, toNodeHandler };
export type { AnyFlexipError, CalledName, ErrorCode, FailureContext, NodeRequest, NodeResponse, OperationName, ProxyAuditEvent, ProxyCaller, ProxyFetch, ProxyGrant, ProxyLimits, ProxyOperation, ProxyOptions, ProxyPolicy, ProxyRequestInit };
