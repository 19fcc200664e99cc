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
 * The status of a flexible IP. `updating` and `detaching` are transitions and end by themselves.
 */
type FlexibleIPStatus = "unknown" | "ready" | "updating" | "attached" | "error" | "detaching" | "locked";

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
/** The emulator's WebAssembly module failed within. The emulator cannot be used any more, nor any other of the process so far. A new one can. */
declare class EmulatorTrapError extends FlexipError {
    static readonly name: string;
    readonly code = "emulator_trap";
}

/* tslint:disable */
/* eslint-disable */
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
 * A number of milliseconds, or a range to draw it from.
 */
type FaultDelay = number | { min: number; max: number };

/**
 * A response from a cache.
 */
interface Stale {
    /**
     * Whether the cache also responds to a request that forbids it by `Cache-Control: no-store` or `no-cache`, or
     * by `Pragma: no-cache`.
     */
    evenNoStore?: boolean;
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
    headers?: Record<string, string>;
    /**
     * Whether the work is done first. A request that the service refuses gets its refusal.
     */
    after?: boolean;
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
    forMs?: number;
    /**
     * For this many matching requests.
     */
    calls?: number;
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
     * The number of the fault's rule, in the order in which the rules were added, from 1.
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
    attach?: Spread;
    /**
     * From create with a server to `attached`. Measured on 61 creates.
     */
    create?: Spread;
    /**
     * Between the ends of two attaches to one server, which are served one after the other. Measured.
     */
    betweenAttaches?: Spread;
    /**
     * From generating a MAC address on an attached flexible IP to `attached`. Measured on 8.
     */
    generateMac?: Spread;
    /**
     * From duplicating a MAC address to `attached`. Measured on 16.
     */
    duplicateMac?: Spread;
    /**
     * From moving a MAC address to an attached flexible IP to `attached`. Unknown: as for duplicating.
     */
    moveMac?: Spread;
    /**
     * From deleting the MAC address of an attached flexible IP to `attached`. Unknown: as for generating.
     */
    deleteMac?: Spread;
    /**
     * From detach to `ready`. Unknown: as for the detaching after the removal of a server.
     */
    detach?: Spread;
    /**
     * From the removal of a server to `detaching` on its flexible IPs. Measured once.
     */
    serverRemoval?: Spread;
    /**
     * From that `detaching` to `ready`. Measured.
     */
    serverDetach?: Spread;
    /**
     * From deleting an attached flexible IP until it is gone. Measured.
     */
    delete?: Spread;
    /**
     * From deleting an attached member of a MAC group to the loss of its MAC address. Measured once.
     */
    groupDelete?: Spread;
    /**
     * From that loss until it is gone. Measured: 5 to 15 s together with `groupDelete`.
     */
    groupRelease?: Spread;
    /**
     * From the removal of a server until it is gone. Measured: within one poll of 5 s.
     */
    serverDelete?: Spread;
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
    seed?: number;
    /**
     * How long transitions take: `"instant"`, `"recorded"`, or milliseconds for each.
     */
    timing?: Timing;
    /**
     * Whether requests must carry the secret key or the session token.
     */
    requireToken?: boolean;
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
    projects?: string[];
    /**
     * How many requests the journal keeps.
     */
    journalLimit?: number;
    /**
     * How many bytes the journal keeps, about. The oldest requests are removed first. Of a body over 64 KiB
     * only the length is kept.
     */
    journalBytes?: number;
    /**
     * How many flexible IPs the Organization may have in all zones together. The default is no limit.
     */
    quota?: number | undefined;
    /**
     * How many flexible IPs exist from the start: a number, spread over all zones, or a number for each
     * of some zones. Their tags, statuses, Projects and servers follow from the seed.
     */
    population?: Population;
    /**
     * The order of the keys in responses. Both were seen, the alphabetical order more often and more
     * recently.
     */
    keyOrder?: KeyOrder;
    /**
     * The spelling of the error of status 410: the official SDKs disagree.
     */
    expiredSpelling?: ExpiredSpelling;
    /**
     * The reverse that reads show after a create that names none. The response to the create always
     * shows the default reverse. Since 2023-08 reads do too. Before, they were seen to show an empty
     * reverse, and a few times the previous tenant's.
     */
    freshReverse?: FreshReverse;
    /**
     * IPv4 blocks of each zone's pool. The defaults are the ranges seen in the zone, or a block for
     * documentation where none was seen, followed by a private block of millions of addresses. Blocks must
     * not overlap. A default that overlaps a block that is set is left out.
     */
    ipv4Blocks?: Record<string, string[]>;
    /**
     * IPv6 blocks of each zone's pool. Of the defaults only fr-par-1's was seen; the others are blocks
     * for documentation.
     */
    ipv6Blocks?: Record<string, string[]>;
    /**
     * The response about a flexible IP that was deleted. A GET was seen to be refused with 403. That
     * other requests are refused in the same way is inferred.
     */
    goneIp?: Missing;
    /**
     * The response about a flexible IP that never existed. The service's permission check, which refuses
     * a deleted one, cannot distinguish the two. (On the paths below `/mac` it is 404, as was seen.)
     */
    neverIp?: Missing;
    /**
     * The response to an id in the path that is not a UUID.
     */
    malformedId?: Malformed;
    /**
     * The response to a zone where no flexible IPs are sold.
     */
    unknownZone?: Malformed;
    /**
     * Whether a page size over 100 counts as 100, or is refused.
     */
    oversizedPage?: Oversized;
    /**
     * Whether a malformed query argument (page, order, status, id) is refused, or ignored.
     */
    refuseMalformedQuery?: boolean;
    /**
     * Whether a create without `project_id` is refused, since the API's description requires it, or uses
     * the default Project.
     */
    requireProject?: boolean;
    /**
     * The response to a server id that is not in the zone. 500 was seen in 2022, for an Instance.
     */
    unknownServer?: UnknownServer;
    /**
     * Whether attaching a flexible IP to the server that it is attached to is refused with 412, or
     * changes nothing, as detaching a detached one does.
     */
    refuseSameServer?: boolean;
    /**
     * Whether an attached flexible IP can be attached to another server directly, as in the console, or
     * must be detached first (412). Until it is attached it is `updating` and shows no server.
     */
    directReattach?: boolean;
    /**
     * Whether one request can attach or detach several flexible IPs that are not one MAC group. The
     * API's description says that they must be.
     */
    severalWithoutGroup?: boolean;
    /**
     * Whether writes to a flexible IP that is `updating` or `detaching` are refused with 409, or carried
     * out. OpenNebula's driver retries attaches after such responses.
     */
    refuseBusy?: boolean;
    /**
     * Whether `refuseBusy` refuses a PATCH too. A PATCH starts no transition, and was seen to work on an
     * attached flexible IP.
     */
    refuseBusyUpdate?: boolean;
    /**
     * Whether `refuseBusy` refuses a DELETE of an `updating` flexible IP too. A `detaching` one can always
     * be deleted.
     */
    refuseBusyDelete?: boolean;
    /**
     * Whether a MAC address can be generated for an IPv6 block. No document forbids it.
     */
    macOnIpv6?: boolean;
    /**
     * Whether generating a MAC address of the type `unknown_type` is refused, or gives one for KVM.
     */
    refuseUnknownMacType?: boolean;
    /**
     * The first three bytes of a MAC address for VMware: the vendor's prefix.
     */
    vmwarePrefix?: [number, number, number];
    /**
     * The first three bytes of a MAC address for Xen: the vendor's prefix.
     */
    xenPrefix?: [number, number, number];
    /**
     * The response to duplicating or moving a MAC address to a flexible IP that has one.
     */
    occupiedDestination?: Occupied;
    /**
     * Whether a MAC address can be moved to a flexible IP on another server, or from an attached one to
     * one that is not. The MAC address of a MAC group never can.
     */
    moveElsewhere?: boolean;
    /**
     * The response to deleting the MAC address of a flexible IP that has none.
     */
    deleteNoMac?: NoMac;
    /**
     * Whether a MAC address that is being deleted from an attached flexible IP shows `deleting`, which is
     * in the API's description and was never seen, or `updating`.
     */
    showDeletingMac?: boolean;
    /**
     * Whether the MAC address of a flexible IP that is being attached shows `updating`, or `ready`.
     */
    showAttachingMac?: boolean;
    /**
     * Of 100 attaches to a busy server, how many are served before an earlier one that is still pending.
     * The server was seen not to serve all of them in the order of the requests.
     */
    attachDisorder?: number;
    /**
     * How many flexible IPs one server may have.
     */
    serverLimit?: number;
    /**
     * The name of the quota of flexible IPs on a server, in `quotas_exceeded`.
     */
    serverLimitName?: string;
    /**
     * The name of the quota of flexible IPs in the Organization, in `quotas_exceeded`.
     */
    quotaName?: string;
    /**
     * Whether a reverse must resolve to its address. Other products' APIs refuse one that does not. The
     * emulator does not query DNS: it refuses the names under `.invalid`, which never resolve.
     */
    reverseMustResolve?: boolean;
}

/**
 * The smallest, the median and the largest value of a delay, in milliseconds.
 * In JSON, a list of the three, or one number for a fixed delay.
 */
type Spread = number | [min: number, median: number, max: number];

/**
 * What a request gets whose work is done later.
 */
type LateResponse = { status: number } | "drop" | "reset";

/**
 * What happens in place of the response, or to it.
 */
type Fault = { status: FaultStatus } | "rateLimit" | { rateGate: RateGate } | { delay: FaultDelay } | "dropBefore" | "dropAfter" | "resetBefore" | "resetAfter" | { truncate: number } | "garbage" | { drip: Drip } | { late: Late } | { tear: Tear } | { flap: Flap } | "repeatPage" | { shiftPage: number } | { wrongTotal: number } | { portal: number } | "reuse" | { stale: Stale };

/**
 * When a fault is injected, and which. All conditions must hold.
 */
interface FaultRule {
    /**
     * Only into this operation, by its name in JavaScript.
     */
    operation?: string;
    /**
     * Only where the path names this zone.
     */
    zone?: string;
    /**
     * Only where the path names this flexible IP. The paths of list, create, attach and detach name none.
     */
    fipId?: string;
    /**
     * Only from this matching call on, counted from 1.
     */
    nth?: number;
    /**
     * At most this many times. Without it, once if `nth` is set, else any number of times. A flap counts once.
     */
    times?: number;
    /**
     * The probability for each matching call, from 0 to 1.
     */
    probability?: number;
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
    fipsIds?: string[];
    /**
     * The probability for each flexible IP, from 0 to 1. 0.5 if absent.
     */
    share?: number;
    /**
     * Only those that changed within so many milliseconds before the request.
     */
    withinMs?: number;
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
    with?: LateResponse;
}

/** A server that exists from the start. */
interface FirstServer {
    zone: string;
    name?: string;
}

/** The options of an emulator: its settings, each with a default, and its clock. */
interface EmulatorOptions extends Partial<EmulatorSettings> {
    /** The secret key that requests must carry in `X-Auth-Token`. If absent, it is derived from the seed. */
    secretKey?: string;
    /** A session token that is accepted in `X-Session-Token` besides the secret key. */
    sessionToken?: string;
    /**
     * `real`: transitions take their time. `manual`: time moves only by `advance`, from `startsAt` on, so that the
     * same seed gives the same run. `real` if absent.
     */
    clock?: 'real' | 'manual';
    /** Where a manual clock starts. 2026-01-01T00:00:00Z if absent. */
    startsAt?: Date;
    /** Servers that exist from the start, and again after `reset`. */
    servers?: readonly FirstServer[];
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
    #private;
    /** The name of the class. Minifying cannot change it. */
    static readonly name: string;
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
     * call it in a service worker. The host of the URL does not matter.
     */
    readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
    /** Moves a manual clock forward by this many milliseconds. All transitions that fall due are made. */
    advance(ms: number): void;
    /** The time until the next transition, in milliseconds; `undefined` if none is under way. */
    msToNextTransition(): number | undefined;
    /** Adds an Elastic Metal server, to which flexible IPs of its zone can be attached. */
    addServer(server: {
        zone: string;
        name?: string;
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
    /** Adds a fault rule: which requests fail, when and how. */
    addFault(rule: FaultRule): void;
    /** Removes all fault rules. */
    clearFaults(): void;
    /** The latest requests, oldest first, without secrets. */
    get journal(): JournalEntry[];
    /** Empties the journal. */
    clearJournal(): void;
    /** Returns the whole state as a string, with the time, and without settings, journal and secrets. */
    snapshot(): string;
    /** Replaces the whole state by that of a snapshot, and sets a manual clock to its time. Throws a `ConfigurationError`, with the state unchanged, when it is not one, or is not a possible state. */
    restore(snapshot: string): void;
    /** Returns to the state at the start: the first servers and the population, no faults, an empty journal. Sets a manual clock back to its start. */
    reset(): void;
}

export { ConfigurationError, EmulatorTrapError, FlexibleIpEmulator, FlexipError, isFlexipError };
export type { Delays, Drip, EmulatedServer, EmulatorOptions, EmulatorSettings, Fault, FaultDelay, FaultRule, FaultStatus, FirstServer, Flap, JournalEntry, Late, LateResponse, RateGate, Spread, Stale, Tear, Timing };
