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

/** Where a configuration goes. */
type NetworkSystem = 'netplan' | 'systemd-networkd' | 'ifupdown' | 'networkmanager' | 'ifcfg' | 'freebsd' | 'windows' | 'proxmox' | 'cloud-init';
/** A `host` has its main address beside the flexible IPs. A `vm` has only flexible IPs, with one virtual MAC address. */
type NetworkRole = 'host' | 'vm';
/** What a configuration needs of a flexible IP. */
interface NetworkIp extends Pick<FlexibleIP, 'ipAddress' | 'zone'> {
    /** Its virtual MAC address, if it has one. */
    macAddress?: {
        macAddress: string;
    };
}
/** The options of `networkConfig`. */
interface NetworkConfigOptions {
    /** What reads the configuration. */
    system: NetworkSystem;
    /** Default: `vm` if the flexible IP has a virtual MAC address, else `host`. */
    role?: NetworkRole | undefined;
    /**
     * The IPv6 gateway of a virtual machine. Scaleway does not say which it is: `ip -6 route show default` shows it
     * in the virtual machine. Without it, the configuration takes the gateway from router advertisements.
     */
    gateway6?: string | undefined;
    /** The network interface; on a Proxmox host, the bridge. Default: the usual one of the system, and a note says so. */
    interface?: string | undefined;
    /** The number of the virtual machine on Proxmox. Default: 100, and a note says so. */
    vmId?: number | undefined;
}
/** A file of a configuration. */
interface NetworkFile {
    /** Where the file is. */
    path: string;
    /** The permissions, in octal. */
    mode: '600' | '644';
    /** Whether the content goes to the end of the file, which exists. Otherwise the file is new. */
    append: boolean;
    /** What the file has, or what is added to it. */
    content: string;
}
/** A configuration: files, and commands for root. */
interface NetworkConfig {
    /** What reads it. */
    system: NetworkSystem;
    /** What it is for: a host or a virtual machine. */
    role: NetworkRole;
    /** The files to write. */
    files: NetworkFile[];
    /** The commands that put it into effect, after the files are written. */
    apply: string[];
    /** Each of these commands fails if an address or a route is missing. */
    verify: string[];
    /** The commands that undo it, files included. */
    revert: string[];
    /** What a person must know or change. */
    notes: string[];
}

/**
 * The configuration by which an operating system uses flexible IPs: those of a host, or all of one virtual machine.
 * It sends nothing and reads nothing. Throws an `InvalidArgumentsError` for what no configuration can be made of.
 *
 * @example
 * networkConfig(ip, { system: 'netplan' }).files[0].content
 */
declare function networkConfig(ips: NetworkIp | readonly NetworkIp[], options: NetworkConfigOptions): NetworkConfig;

/** All systems, by name. */
declare const networkSystems: NetworkSystem[];

export { FlexipError, InvalidArgumentsError, isFlexipError, networkConfig, networkSystems };
export type { InvalidArgument, NetworkConfig, NetworkConfigOptions, NetworkFile, NetworkIp, NetworkRole, NetworkSystem };
