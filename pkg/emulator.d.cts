/* tslint:disable */
/* eslint-disable */
/**
 * A body that comes slowly: a piece, of about the same size each, at the end of each share of the time.
 */
interface Drip {
    /**
     * In how many pieces; no more than it has bytes.
     */
    pieces: number;
    /**
     * Over how many milliseconds.
     */
    overMs: number;
}

/**
 * A server that flexible IPs can be attached to.
 */
interface EmulatedServer {
    /**
     * Its id.
     */
    id: string;
    /**
     * Its name.
     */
    name: string;
    /**
     * Its zone.
     */
    zone: string;
}

/**
 * A token bucket: it is full at first, and a call that finds it empty gets a bare 429.
 */
interface RateGate {
    /**
     * How many calls it lets through in a second, in the long run.
     */
    perSecond: number;
    /**
     * How many calls it lets through at once.
     */
    burst: number;
}

/**
 * An answer of one's own.
 */
interface FaultStatus {
    /**
     * Its status.
     */
    status: number;
    /**
     * Its body. A text is sent as it is, anything else as JSON.
     */
    body?: unknown;
    /**
     * Its headers, such as `Retry-After`.
     */
    headers?: Record<string, string>;
    /**
     * Whether the work is done first. A request that is refused stays refused.
     */
    after?: boolean;
}

/**
 * How long transitions take.
 */
type Timing = 'instant' | 'recorded' | Partial<Delays>;

/**
 * How many flexible IPs are there from the start.
 */
type Population = number | Record<string, number>;

/**
 * How the type of status 410 is spelled.
 */
type ExpiredSpelling = "expired" | "resourceExpired";

/**
 * Milliseconds, or a span of them to draw from.
 */
type FaultDelay = number | { min: number; max: number };

/**
 * One request.
 */
interface JournalEntry {
    /**
     * The number of the request, from 1.
     */
    number: number;
    /**
     * When it came, in milliseconds since the Unix epoch.
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
     * The body, if it is text.
     */
    body: string;
    /**
     * The operation, by its name in JavaScript. There is none for what the API does not have.
     */
    operation: string | undefined;
    /**
     * The `X-Request-Id` of the reply.
     */
    requestId: string;
    /**
     * The status of the reply; none if the connection broke before it.
     */
    status: number | undefined;
    /**
     * Nothing answers to this method and path.
     */
    unmatched: boolean;
    /**
     * The fault that struck it.
     */
    fault: string | undefined;
    /**
     * The rule that this fault is of: its number in the order in which they were added, from 1.
     */
    rule: number | undefined;
    /**
     * How long a fault holds its answer back, and draws it out, in milliseconds.
     */
    durationMs: number;
}

/**
 * Smallest, median and largest of a delay, in milliseconds.
 * In JSON, a list of the three, or one number for all.
 */
type Spread = number | [min: number, median: number, max: number];

/**
 * The answer about an IP that is not yours.
 */
type Missing = "permissionsDenied" | "notFound" | "expired";

/**
 * The answer to a malformed part of the path.
 */
type Malformed = "invalidArguments" | "notFound";

/**
 * The answer to a server that is not there.
 */
type UnknownServer = "notFound" | "internalError";

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
     * Between two attaches to one server, which are served one after the other. Measured.
     */
    betweenAttaches?: Spread;
    /**
     * From generating a MAC address on an attached IP to `attached`. Measured on 8.
     */
    generateMac?: Spread;
    /**
     * From duplicating a MAC address to `attached`. Measured on 16.
     */
    duplicateMac?: Spread;
    /**
     * From moving a MAC address to an attached IP to `attached`. Unknown: taken from duplicating.
     */
    moveMac?: Spread;
    /**
     * From deleting the MAC address of an attached IP to `attached`. Unknown: taken from generating.
     */
    deleteMac?: Spread;
    /**
     * From detach to `ready`. Unknown: taken from the detaching that follows a server's removal.
     */
    detach?: Spread;
    /**
     * From the removal of a server to `detaching` on its IPs. Measured once.
     */
    serverRemoval?: Spread;
    /**
     * From then on to `ready`. Measured.
     */
    serverDetach?: Spread;
    /**
     * From deleting an attached IP to its end. Measured.
     */
    delete?: Spread;
    /**
     * From deleting an attached member of a MAC group to the loss of its MAC address. Measured once.
     */
    groupDelete?: Spread;
    /**
     * From then on to its end. Measured: 5 to 15 s together with the former.
     */
    groupRelease?: Spread;
    /**
     * From the removal of a server to its end. Measured: within one poll of 5 s.
     */
    serverDelete?: Spread;
}

/**
 * The order of the keys in answers.
 */
type KeyOrder = "described" | "alphabetical";

/**
 * The reverse of an IP that was created without one.
 */
type FreshReverse = "default" | "empty" | "previous";

/**
 * What becomes of a MAC address's destination that has one.
 */
type Occupied = "preconditionFailed" | "alreadyExists" | "replace";

/**
 * What becomes of a page size that is too large.
 */
type Oversized = "clamp" | "refuse";

/**
 * What can be set. In JSON the names are in camel case, and what is left out has its default.
 */
interface EmulatorSettings {
    /**
     * Everything random follows from it: the same seed and the same requests give the same run.
     */
    seed?: number;
    /**
     * How long transitions take: `"instant"`, `"recorded"`, or milliseconds for each.
     */
    timing?: Timing;
    /**
     * Whether requests need the secret key at all.
     */
    requireToken?: boolean;
    /**
     * The Organization's id. Without one it follows from the seed.
     */
    organizationId?: string | undefined;
    /**
     * The default Project's id. Without one it follows from the seed.
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
     * How many flexible IPs the Organization may hold, over all zones; without one, any number.
     */
    quota?: number | undefined;
    /**
     * How many flexible IPs are there from the start: a number, spread over all zones, or one for
     * each of some zones. Their tags, statuses, Projects and servers follow from the seed.
     */
    population?: Population;
    /**
     * The order of the keys in answers: both were seen, the alphabetical one more often and last.
     */
    keyOrder?: KeyOrder;
    /**
     * The spelling of the error of status 410: the official SDKs disagree.
     */
    expiredSpelling?: ExpiredSpelling;
    /**
     * The reverse that reads show after a create that names none. The answer to the create always
     * shows the default one. Since 2023-08 reads do too; before, they were seen to show an empty
     * one, and a few times the previous tenant's.
     */
    freshReverse?: FreshReverse;
    /**
     * IPv4 blocks of a zone's pool, instead of ours. Ours are the ranges seen in the zone, or a
     * documentation block where none was seen, and then a private block with room for millions.
     */
    ipv4Blocks?: Record<string, string[]>;
    /**
     * IPv6 blocks of a zone's pool, instead of ours. Only fr-par-1's was seen; the others are
     * documentation blocks.
     */
    ipv6Blocks?: Record<string, string[]>;
    /**
     * The answer about an IP that you had and have no more. A GET was seen to be refused with 403;
     * that every other request is, too, is inferred.
     */
    goneIp?: Missing;
    /**
     * The answer about an IP that you never had. The check of permissions that answers for a gone
     * one cannot tell the two apart. (On the paths below `/mac` it is 404, as was seen.)
     */
    neverIp?: Missing;
    /**
     * The answer to a path id that is no UUID.
     */
    malformedId?: Malformed;
    /**
     * The answer to a zone where no flexible IPs are sold.
     */
    unknownZone?: Malformed;
    /**
     * A page size over 100: as 100, or refused.
     */
    oversizedPage?: Oversized;
    /**
     * Whether a malformed query argument (page, order, status, id) is refused, or ignored.
     */
    refuseMalformedQuery?: boolean;
    /**
     * Whether a create without `project_id` is refused, as the API's description says that it is
     * required, or uses the default Project.
     */
    requireProject?: boolean;
    /**
     * The answer to a server id that is not in the zone. 500 was seen in 2022, for an Instance.
     */
    unknownServer?: UnknownServer;
    /**
     * Whether attaching to the server where the IP is already changes nothing, as detaching what is
     * detached does, or is refused with 412.
     */
    refuseSameServer?: boolean;
    /**
     * Whether an attached IP can be attached to another server directly, as in the console, or must
     * be detached first (412). While it moves it is `updating` and shows no server.
     */
    directReattach?: boolean;
    /**
     * Whether several IPs can be attached or detached at once although they are no MAC group. The
     * API's description says that they must be one.
     */
    severalWithoutGroup?: boolean;
    /**
     * Whether writes to an IP that is `updating` or `detaching` are refused with 409. OpenNebula's
     * driver retries such answers to its attaches. Where this is off, they are carried out.
     */
    refuseBusy?: boolean;
    /**
     * Whether a PATCH of an `updating` or `detaching` IP is refused with 409, too, where
     * `refuseBusy` is on. A PATCH is no transition, and was seen to work on an attached IP.
     */
    refuseBusyUpdate?: boolean;
    /**
     * Whether a DELETE of an `updating` IP is refused with 409, too, where `refuseBusy` is on. A
     * `detaching` one can always be deleted.
     */
    refuseBusyDelete?: boolean;
    /**
     * Whether a MAC address can be generated on an IPv6 block. Nothing says that it cannot.
     */
    macOnIpv6?: boolean;
    /**
     * Whether a MAC address of the type `unknown_type` is refused, or made as one for KVM.
     */
    refuseUnknownMacType?: boolean;
    /**
     * The first three bytes of a MAC address for VMware: its vendor's.
     */
    vmwarePrefix?: [number, number, number];
    /**
     * The first three bytes of a MAC address for Xen: its vendor's.
     */
    xenPrefix?: [number, number, number];
    /**
     * Duplicating or moving a MAC address to an IP that has one.
     */
    occupiedDestination?: Occupied;
    /**
     * Whether a MAC address can be moved to an IP on another server, or from an attached IP to one
     * that is not. A group's never can.
     */
    moveElsewhere?: boolean;
    /**
     * Deleting the MAC address of an IP that has none.
     */
    deleteNoMac?: NoMac;
    /**
     * Whether the MAC address that an attached IP is losing shows `deleting`, a word of the API's
     * description that nobody saw, or `updating`.
     */
    showDeletingMac?: boolean;
    /**
     * Whether the MAC address of an IP that is being attached shows `updating`, or `ready`.
     */
    showAttachingMac?: boolean;
    /**
     * Of 100 attaches to a busy server, how many are served before one that waits already. The
     * order was seen to be not always that of the requests.
     */
    attachDisorder?: number;
    /**
     * How many IPs one server may have.
     */
    serverLimit?: number;
    /**
     * What `quotas_exceeded` calls the quota of IPs on a server.
     */
    serverLimitName?: string;
    /**
     * What `quotas_exceeded` calls the quota of IPs in the Organization.
     */
    quotaName?: string;
    /**
     * Whether a reverse must resolve to its IP. Other products' APIs refuse one that does not. The
     * emulator asks no DNS: it refuses the names under `.invalid`, which never resolve.
     */
    reverseMustResolve?: boolean;
}

/**
 * What comes of deleting a MAC address that is not there.
 */
type NoMac = "nothing" | "preconditionFailed";

/**
 * What happens instead of the answer, or to it.
 */
type Fault = { status: FaultStatus } | "rateLimit" | { rateGate: RateGate } | { delay: FaultDelay } | "dropBefore" | "dropAfter" | "resetBefore" | "resetAfter" | { truncate: number } | "garbage" | { drip: Drip };

/**
 * When to fail, and how. All conditions must hold.
 */
interface FaultRule {
    /**
     * Only this operation, by its name in JavaScript.
     */
    operation?: string;
    /**
     * Only where the path names this zone.
     */
    zone?: string;
    /**
     * Only where the path names this flexible IP. The paths of list, create, attach and detach name
     * none.
     */
    fipId?: string;
    /**
     * Only from this matching call on, counted from 1.
     */
    nth?: number;
    /**
     * At most so many times. Without it, once where `nth` is given, else any number of times.
     */
    times?: number;
    /**
     * How likely it is for each call, from 0 to 1.
     */
    probability?: number;
    /**
     * What happens.
     */
    fault: Fault;
}

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
 * What a flexible IP is doing. `updating` and `detaching` pass by themselves.
 */
type FlexibleIPStatus = "unknown" | "ready" | "updating" | "attached" | "error" | "detaching" | "locked";

/** A server that is there from the start. */
interface FirstServer {
    zone: string;
    name?: string;
}

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
/** The client's options cannot work, or the place where it runs cannot run it. */
declare class ConfigurationError extends FlexipError {
    static readonly name: string;
    readonly code = "configuration";
    /** Every option that was refused. */
    readonly details: readonly InvalidArgument[];
}

/** The options of an emulator: its settings, each with a default, and its clock. */
interface EmulatorOptions extends Partial<EmulatorSettings> {
    /** The secret key that requests must carry in `X-Auth-Token`. Without one it follows from the seed. */
    secretKey?: string;
    /** A session token that is accepted in `X-Session-Token` beside the secret key. */
    sessionToken?: string;
    /**
     * `real`: transitions take their time. `manual`: time stands still but for `advance`; it begins at
     * `startsAt`, so that the same seed gives the same run. `real` if absent.
     */
    clock?: 'real' | 'manual';
    /** Where a manual clock begins. 2026-01-01T00:00:00Z if absent. */
    startsAt?: Date;
    /** Servers that are there from the start, and again after `reset`. */
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
 * const answer = await emulator.fetch(url, { headers: { 'X-Auth-Token': emulator.secretKey } })
 * answer.status // 200
 */
declare class FlexibleIpEmulator {
    #private;
    /** The name of the class, also where minifying gives it another. */
    static readonly name: string;
    /** Throws a `ConfigurationError` when a setting cannot be. */
    constructor({ clock, startsAt, servers, ...settings }?: EmulatorOptions);
    /** The secret key that requests must carry in `X-Auth-Token`. */
    get secretKey(): string;
    /** The default Project. */
    get projectId(): string;
    /** The Organization. */
    get organizationId(): string;
    /** What time it is here. */
    get now(): Date;
    /**
     * Answers a request as the service does. It is a `fetch`: it can be handed to a client, stand in
     * for the global one, or answer a service worker's. The host of the URL does not matter.
     */
    readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
    /** Moves a manual clock on by this many milliseconds, through everything that falls due. */
    advance(ms: number): void;
    /** In how many milliseconds something happens next by itself; `undefined` if nothing will. */
    msToNextTransition(): number | undefined;
    /** Adds an Elastic Metal server, which flexible IPs of its zone can be attached to. */
    addServer({ zone, name }: {
        zone: string;
        name?: string;
    }): EmulatedServer;
    /** Deletes a server. Its flexible IPs are detached a little later, and stay yours. Says whether there was one. */
    removeServer(id: string): boolean;
    /** The servers. */
    get servers(): EmulatedServer[];
    /**
     * Puts a flexible IP into a status that no request leads to, such as `locked` or `error`, and ends
     * what the service was doing to it. Says whether there is such an IP.
     */
    forceStatus(fipId: string, status: FlexibleIPStatus): boolean;
    /** Sets how long transitions take, from the next one on. */
    setTiming(timing: Timing): void;
    /** Lets requests fail: which, when and how. */
    addFault(rule: FaultRule): void;
    /** Forgets all faults. */
    clearFaults(): void;
    /** The latest requests, oldest first, without secrets. */
    get journal(): JournalEntry[];
    /** Forgets the requests so far. */
    clearJournal(): void;
    /** All that is held, as a text: no settings, no journal, no secrets. */
    snapshot(): string;
    /** Holds what a snapshot says, and nothing else. */
    restore(snapshot: string): void;
    /** Holds what it held at its start: the first servers, no flexible IP, no fault, no journal. A manual clock is where it began. */
    reset(): void;
}

export { ConfigurationError, FlexibleIpEmulator, FlexipError, isFlexipError };
export type { Delays, Drip, EmulatedServer, EmulatorOptions, EmulatorSettings, Fault, FaultDelay, FaultRule, FaultStatus, FirstServer, JournalEntry, RateGate, Spread, Timing };
