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
export function flexibleIpMutations(client: FlexibleIpClient, cache: QueryCacheLike, { scope = '' }: QueryScope = {}) {
  const invalidation = new Invalidation(cache, scope, client.defaults.zone)
  const mutation = <Input extends object, Result>(name: string, mutationFn: (request: Input) => Promise<Result>): MutationOptionsOf<Input, Result> => ({
    mutationKey: ['flexip', scope, name],
    mutationFn: (request) => {
      invalidation.note(request)
      return mutationFn(request)
    },
    onSettled: (result, _, request) => invalidation.invalidate(request, result),
  })
  /** The answer to a wait has the same zone as the request. */
  const one = (request: { zone?: string }, fipId: string) => client.waitForFlexibleIP({ ...zoneOf(request), fipId })
  const several = (request: { zone?: string; fipsIds: readonly string[] }) => client.waitForFlexibleIPs({ ...zoneOf(request), fipsIds: request.fipsIds })
  return {
    /** Creates a flexible IP; with a `serverId`, until it is attached. */
    create: mutation('create', (request: CreateFlexibleIPRequest): Promise<FlexibleIP> => {
      const { serverId } = request
      return serverId === undefined ? client.createFlexibleIP(request) : client.createAndAttach({ ...request, serverId })
    }),
    /** Changes description, tags or reverse. */
    update: mutation('update', (request: UpdateFlexibleIPRequest): Promise<FlexibleIP> => client.updateFlexibleIP(request)),
    /** Deletes a flexible IP, until it is gone. */
    delete: mutation('delete', async (request: DeleteFlexibleIPRequest): Promise<void> => {
      await client.deleteFlexibleIP(request)
      await client.waitUntilDeleted(request)
    }),
    /** Attaches flexible IPs, until they are attached. */
    attach: mutation('attach', async (request: AttachFlexibleIPRequest): Promise<FlexibleIP[]> => {
      await client.attachFlexibleIP(request)
      return several(request)
    }),
    /** Detaches flexible IPs, until they are on no server. */
    detach: mutation('detach', async (request: DetachFlexibleIPRequest): Promise<FlexibleIP[]> => {
      await client.detachFlexibleIP(request)
      return several(request)
    }),
    /** Gives a virtual MAC address, until it is ready. */
    generateMac: mutation('generateMac', async (request: GenerateMACAddrRequest): Promise<FlexibleIP> => {
      await client.generateMACAddr(request)
      return one(request, request.fipId)
    }),
    /** Takes the virtual MAC address away, until it is gone. */
    deleteMac: mutation('deleteMac', async (request: DeleteMACAddrRequest): Promise<FlexibleIP> => {
      await client.deleteMACAddr(request)
      return one(request, request.fipId)
    }),
    /** Duplicates a virtual MAC address, until it is ready. */
    duplicateMac: mutation('duplicateMac', async (request: DuplicateMACAddrRequest): Promise<FlexibleIP> => {
      await client.duplicateMACAddr(request)
      return one(request, request.fipId)
    }),
    /** Moves a virtual MAC address, until it is ready. */
    moveMac: mutation('moveMac', async (request: MoveMACAddrRequest): Promise<FlexibleIP> => {
      await client.moveMACAddr(request)
      return one(request, request.dstFipId)
    }),
    /** Moves flexible IPs to a server, until they are attached. */
    ensureAttached: mutation('ensureAttached', (request: EnsureAttachedRequest & { dryRun?: false }): Promise<FlexibleIP[]> => client.ensureAttached(request)),
    /** Moves all flexible IPs of a server to another, until they are attached. */
    failover: mutation('failover', (request: FailoverRequest & { dryRun?: false }): Promise<FlexibleIP[]> => client.failover(request)),
  }
}

function zoneOf({ zone }: { zone?: string }): { zone?: string } {
  return zone === undefined ? {} : { zone }
}
