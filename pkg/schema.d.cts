
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

/** A JSON Schema, as plain data. */
type JsonSchema = Record<string, unknown>;
/** The dialects. What the schemas use means the same in all of them. */
type JsonSchemaTarget = 'draft-2020-12' | 'draft-07' | 'openapi-3.0' | (string & {});

/** What is wrong with a request. */
interface SchemaIssue {
    /** What was found and what is allowed. */
    readonly message: string;
    /** The field: its name, and the place in it if it is a list. */
    readonly path: readonly (string | number)[];
}
/** A Standard Schema of the request of an operation. */
interface RequestSchema<Input> {
    /** What the specification of Standard Schema asks for. */
    readonly '~standard': {
        readonly version: 1;
        readonly vendor: 'flexip';
        /** Checks a request by the rules of the API, as the client does before it sends one. Also refuses null in an optional field, which the types do not have and the client takes for absent. */
        readonly validate: (value: unknown) => {
            readonly value: Input;
            readonly issues?: undefined;
        } | {
            readonly issues: readonly SchemaIssue[];
        };
        readonly types?: {
            readonly input: Input;
            readonly output: Input;
        } | undefined;
        readonly jsonSchema: {
            readonly input: (options: {
                readonly target: JsonSchemaTarget;
            }) => Record<string, unknown>;
            readonly output: (options: {
                readonly target: JsonSchemaTarget;
            }) => Record<string, unknown>;
        };
    };
}
/** A schema for each operation. */
type RequestSchemas = {
    readonly [Name in OperationName]: RequestSchema<Operations[Name]['request']>;
};
/**
 * Makes the schemas of requests that may leave out what `defaults` has: the zone, the Project.
 *
 * @example
 * const { createFlexibleIP } = requestSchemas({ defaultZone: 'fr-par-1', defaultProjectId })
 * createFlexibleIP['~standard'].validate({ description: 'mail' }) // { value: { description: 'mail' } }
 */
declare function requestSchemas(defaults?: RequestDefaults): RequestSchemas;
/** The schemas of whole requests: with the zone, and to create with the Project. */
declare const schemas: RequestSchemas;

export { requestSchemas, schemas };
export type { AttachFlexibleIPRequest, AttachFlexibleIPsResponse, BuiltRequest, CreateFlexibleIPRequest, DeleteFlexibleIPRequest, DeleteMACAddrRequest, DetachFlexibleIPRequest, DetachFlexibleIPsResponse, DuplicateMACAddrRequest, EnsureAttachedRequest, FailoverRequest, FlexibleIP, FlexibleIPStatus, GenerateMACAddrRequest, GetFlexibleIPRequest, JsonSchema, JsonSchemaTarget, ListFlexibleIPsRequest, ListFlexibleIPsRequestOrderBy, ListFlexibleIPsResponse, MACAddress, MACAddressStatus, MACAddressType, MoveMACAddrRequest, MoveStep, OperationName, Operations, ParsedIp, Problem, RequestSchema, RequestSchemas, SchemaIssue, UpdateFlexibleIPRequest, WaitForFlexibleIPsRequest, Zone };
