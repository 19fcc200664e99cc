// What a mutation may have changed: all lists, the flexible IPs that it names, and the members of their MAC groups.
import { type QueryCacheLike, flexibleIpKeys } from './keys.js'
import { type KnownIp, fieldsOf, idOf, ipsIn, knownIps } from './known-ips.js'

/** Invalidates what requests may have changed. */
export class Invalidation {
  readonly #cache: QueryCacheLike
  readonly #scope: string
  readonly #defaultZone: string | undefined
  /**
   * What was known of the flexible IPs of each request before it was sent: a list that is read again while the
   * mutation waits no longer says which MAC group they were in.
   */
  readonly #before = new WeakMap<object, KnownIp[]>()

  constructor(cache: QueryCacheLike, scope: string, defaultZone: string | undefined) {
    this.#cache = cache
    this.#scope = scope
    this.#defaultZone = defaultZone
  }

  /** Notes which flexible IPs a request touches, as the cache has them. */
  note(request: object): void {
    // The client refuses any other value.
    if (Object(request) !== request) return
    const known = [...(this.#before.get(request) ?? []), ...knownIps(this.#cache, this.#scope)]
    this.#before.set(request, touchedOf(known, request))
  }

  /** Invalidates, after a success or a failure. */
  invalidate(request: object, result: unknown): Promise<void> {
    const now = knownIps(this.#cache, this.#scope)
    const before = this.#before.get(request) ?? now
    this.#before.delete(request)
    const named = idsOf(request)
    const results = ipsIn(result)
    const ids = new Set([...named, ...touchedOf([...before, ...now], request, results).map(({ id }) => id)])
    // Any flexible IP of the zone may be in a MAC group of which nothing is known.
    const zone = isKnown(before, request) ? undefined : (fieldsOf(request).zone ?? this.#defaultZone)
    const { all } = flexibleIpKeys(this.#scope)
    return this.#cache.invalidateQueries({
      predicate({ queryKey: [family, scope, kind, asked] }) {
        if (family !== all[0] || scope !== all[1]) return false
        const { fipId, zone: askedZone } = fieldsOf(asked)
        return kind !== 'ip' || ids.has(idOf(fipId) ?? '') || (zone !== undefined && askedZone === zone)
      },
    })
  }
}

/** The flexible IPs that a request names or that its result has, those on the server that it empties, and all members of their MAC groups. */
function touchedOf(known: readonly KnownIp[], request: object, results: readonly KnownIp[] = []): KnownIp[] {
  const named = new Set([...idsOf(request), ...results.map(({ id }) => id)])
  const source = sourceOf(request)
  const direct = [...results, ...known.filter(({ id, serverId }) => named.has(id) || (source !== undefined && serverId === source))]
  const macIds = new Set(direct.map(({ macId }) => macId).filter((macId) => macId !== undefined))
  return [...direct, ...known.filter(({ macId }) => macId !== undefined && macIds.has(macId))]
}

/** Whether the MAC groups that a request touches are known. */
function isKnown(known: readonly KnownIp[], request: object): boolean {
  const ids = new Set(known.map(({ id }) => id))
  const source = sourceOf(request)
  return idsOf(request).every((id) => ids.has(id)) && (source === undefined || known.some(({ serverId }) => serverId === source))
}

/** The server whose flexible IPs a request moves. */
function sourceOf(request: object): string | undefined {
  return idOf(fieldsOf(request).fromServerId)
}

/** The ids of the flexible IPs that a request names. */
function idsOf(request: object): string[] {
  const { fipId, duplicateFromFipId, dstFipId, fipsIds } = fieldsOf(request)
  return [fipId, duplicateFromFipId, dstFipId, ...(Array.isArray(fipsIds) ? (fipsIds as unknown[]) : [])].map(idOf).filter((id) => id !== undefined)
}
