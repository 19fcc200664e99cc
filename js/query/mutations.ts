// The options of mutations: each sends its request, waits until its goal is reached, and invalidates what changed.
import type { FlexibleIpClient } from '../client/client.js'
import type {
  AttachFlexibleIPRequest,
  CreateFlexibleIPRequest,
  DeleteFlexibleIPRequest,
  DeleteMACAddrRequest,
  DetachFlexibleIPRequest,
  DuplicateMACAddrRequest,
  EnsureAttachedRequest,
  FailoverRequest,
  FlexibleIP,
  GenerateMACAddrRequest,
  MoveMACAddrRequest,
  UpdateFlexibleIPRequest,
} from '../client/types.js'
import type { CallOptions, CreateOptions } from '../client/options.js'
import { Invalidation } from './invalidate.js'
import type { QueryCacheLike } from './keys.js'
import type { QueryScope } from './queries.js'

/** The options of a mutation, for `useMutation` and others. */
export interface MutationOptionsOf<Input, Result> {
  /** The key of the mutation. */
  readonly mutationKey: readonly ['flexip', string, string]
  /** Sends the request and waits for the goal. */
  readonly mutationFn: (request: Input) => Promise<Result>
  /** Invalidates what the request may have changed, also after a failure. */
  readonly onSettled: (result: Result | undefined, error: unknown, request: Input) => Promise<void>
}

/** What each mutation receives. */
export interface MutationRequests {
  /** Of `create`. */
  create: CreateFlexibleIPRequest
  /** Of `update`. */
  update: UpdateFlexibleIPRequest
  /** Of `delete`. */
  delete: DeleteFlexibleIPRequest
  /** Of `attach`. */
  attach: AttachFlexibleIPRequest
  /** Of `detach`. */
  detach: DetachFlexibleIPRequest
  /** Of `generateMac`. */
  generateMac: GenerateMACAddrRequest
  /** Of `deleteMac`. */
  deleteMac: DeleteMACAddrRequest
  /** Of `duplicateMac`. */
  duplicateMac: DuplicateMACAddrRequest
  /** Of `moveMac`. */
  moveMac: MoveMACAddrRequest
  /** Of `ensureAttached`. */
  ensureAttached: EnsureAttachedRequest & { dryRun?: false }
  /** Of `failover`. */
  failover: FailoverRequest & { dryRun?: false }
}

/** The name of a mutation, with what it receives. */
export type MutationCall = { [Name in keyof MutationRequests]: [mutation: Name, request: MutationRequests[Name]] }[keyof MutationRequests]

/** The options of `flexibleIpMutations`. */
export interface MutationsOptions extends QueryScope {
  /**
   * The options of the calls that a mutation makes: of all mutations, or a function that is called with the name and the
   * request of each one that begins. A mutation that waits for its goal makes two calls, the change and the wait: each
   * has these options. `idempotencyKey` is one of `create` alone.
   */
  callOptions?: CallOptions | ((...call: MutationCall) => CreateOptions | undefined)
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
export function flexibleIpMutations(client: FlexibleIpClient, cache: QueryCacheLike, { scope = '', callOptions }: MutationsOptions = {}) {
  const invalidation = new Invalidation(cache, scope, client.defaults.zone)
  const mutation = <Name extends keyof MutationRequests, Result>(name: Name, mutationFn: (request: MutationRequests[Name], options: CreateOptions | undefined) => Promise<Result>): MutationOptionsOf<MutationRequests[Name], Result> => ({
    mutationKey: ['flexip', scope, name],
    mutationFn: async (request) => {
      invalidation.note(request)
      return mutationFn(request, typeof callOptions === 'function' ? callOptions(...([name, request] as MutationCall)) : callOptions)
    },
    onSettled: (result, _, request) => invalidation.invalidate(request, result),
  })
  /** The answer to a wait has the same zone as the request. */
  const one = (request: { zone?: string }, fipId: string, options: CallOptions | undefined) => client.waitForFlexibleIP({ ...zoneOf(request), fipId }, options)
  const several = (request: { zone?: string; fipsIds: readonly string[] }, options: CallOptions | undefined) => client.waitForFlexibleIPs({ ...zoneOf(request), fipsIds: request.fipsIds }, options)
  return {
    /** Creates a flexible IP; with a `serverId`, until it is attached. */
    create: mutation('create', (request, options): Promise<FlexibleIP> => {
      const { serverId } = request
      return serverId === undefined ? client.createFlexibleIP(request, options) : client.createAndAttach({ ...request, serverId }, options)
    }),
    /** Changes description, tags or reverse. */
    update: mutation('update', (request, options): Promise<FlexibleIP> => client.updateFlexibleIP(request, options)),
    /** Deletes a flexible IP, until it is gone. */
    delete: mutation('delete', async (request, options): Promise<void> => {
      await client.deleteFlexibleIP(request, options)
      await client.waitUntilDeleted(request, options)
    }),
    /** Attaches flexible IPs, until they are attached. */
    attach: mutation('attach', async (request, options): Promise<FlexibleIP[]> => {
      await client.attachFlexibleIP(request, options)
      return several(request, options)
    }),
    /** Detaches flexible IPs, until they are on no server. */
    detach: mutation('detach', async (request, options): Promise<FlexibleIP[]> => {
      await client.detachFlexibleIP(request, options)
      return several(request, options)
    }),
    /** Gives a virtual MAC address, until it is ready. */
    generateMac: mutation('generateMac', async (request, options): Promise<FlexibleIP> => {
      await client.generateMACAddr(request, options)
      return one(request, request.fipId, options)
    }),
    /** Takes the virtual MAC address away, until it is gone. */
    deleteMac: mutation('deleteMac', async (request, options): Promise<FlexibleIP> => {
      await client.deleteMACAddr(request, options)
      return one(request, request.fipId, options)
    }),
    /** Duplicates a virtual MAC address, until it is ready. */
    duplicateMac: mutation('duplicateMac', async (request, options): Promise<FlexibleIP> => {
      await client.duplicateMACAddr(request, options)
      return one(request, request.fipId, options)
    }),
    /** Moves a virtual MAC address, until it is ready. */
    moveMac: mutation('moveMac', async (request, options): Promise<FlexibleIP> => {
      await client.moveMACAddr(request, options)
      return one(request, request.dstFipId, options)
    }),
    /** Moves flexible IPs to a server, until they are attached. */
    ensureAttached: mutation('ensureAttached', (request, options): Promise<FlexibleIP[]> => client.ensureAttached(request, options)),
    /** Moves all flexible IPs of a server to another, until they are attached. */
    failover: mutation('failover', (request, options): Promise<FlexibleIP[]> => client.failover(request, options)),
  }
}

function zoneOf({ zone }: { zone?: string }): { zone?: string } {
  return zone === undefined ? {} : { zone }
}
