// What a person has confirmed, and whether it is still so: each act reads anew right before it sends, and leaves what differs.
import { type FlexibleIP, type FlexibleIpClient, isFlexipError } from 'flexip/slim'

/** What is shown of a flexible IP when an act on it is confirmed. */
export type Confirmed = Pick<FlexibleIP, 'id' | 'zone' | 'ipAddress' | 'serverId' | 'macAddress' | 'description' | 'tags'>

/** How a flexible IP differs from what was confirmed. */
export interface Difference {
  readonly ipAddress: string
  readonly kind: 'place' | 'mac' | 'texts' | 'description' | 'gone'
  /** The server that has it now. */
  readonly serverId?: string
}

/** Others have changed what was confirmed. Nothing was sent; or nothing again, after a first try. */
export class OvertakenError extends Error {
  constructor(
    readonly differences: readonly Difference[],
    readonly isRetry = false,
  ) {
    super(`others have changed it since it was shown, so ${isRetry ? 'it was not sent again' : 'nothing was sent'}`)
  }
}

/** What was confirmed could not be read anew. Nothing was sent. */
export class UnreadError extends Error {
  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause))
  }
}

interface DifferenceOptions {
  /** Description and tags count too. */
  readonly withTexts?: boolean
  /** Only the description counts. */
  readonly onlyDescription?: boolean
  /** The act changes this flexible IP and not its MAC group. */
  readonly isAlone?: boolean
  /** Servers where they may be, in place of the one that each was on. */
  readonly places?: ReadonlySet<string | undefined>
}

export interface ConfirmOptions extends DifferenceOptions {
  /** Where the act would bring them, or what it would make of them. */
  readonly goal?: { readonly serverId: string | undefined } | { readonly description: string } | 'gone' | undefined
}

type Known = ReadonlyMap<string, Confirmed>

interface Where {
  readonly client: FlexibleIpClient
  /** Has the zone read again: what differs here is not in the table yet. */
  readonly refresh: (zone: string) => void
}

/** How these differ from what was confirmed. */
export function differencesOf(confirmed: readonly Confirmed[], known: Known, { withTexts = false, onlyDescription = false, isAlone = false, places }: DifferenceOptions = {}): Difference[] {
  const ids = new Set(confirmed.map(({ id }) => id))
  return confirmed.flatMap((before): Difference[] => {
    const { id, ipAddress } = before
    const now = known.get(id)
    if (!now) return [{ ipAddress, kind: 'gone' }]
    if (onlyDescription) return now.description === before.description ? [] : [{ ipAddress, kind: 'description' }]
    if (places ? !places.has(now.serverId) : now.serverId !== before.serverId) return [{ ipAddress, kind: 'place', ...(now.serverId !== undefined && { serverId: now.serverId }) }]
    const mac = now.macAddress?.id
    const hasJoined = !isAlone && mac !== undefined && [...known.values()].some((other) => other.macAddress?.id === mac && !ids.has(other.id))
    if (mac !== before.macAddress?.id || hasJoined) return [{ ipAddress, kind: 'mac' }]
    if (withTexts && (now.description !== before.description || JSON.stringify(now.tags) !== JSON.stringify(before.tags))) return [{ ipAddress, kind: 'texts' }]
    return []
  })
}

/**
 * Reads what was confirmed, one flexible IP or one MAC group, and throws unless it is still so. Resolves to `true` if it
 * is what the act would make of it.
 */
export async function readConfirmed({ client, refresh }: Where, confirmed: readonly Confirmed[], { goal, ...options }: ConfirmOptions = {}): Promise<boolean> {
  const [first] = confirmed
  if (!first) return false
  const known = await read(client, first, confirmed, options.isAlone === true)
  const isAtGoal = (id: string): boolean => {
    const now = known.get(id)
    if (goal === undefined || now === undefined || goal === 'gone') return goal === 'gone' && now === undefined
    return 'description' in goal ? now.description === goal.description : now.serverId === goal.serverId
  }
  const isReached = confirmed.every(({ id }) => isAtGoal(id))
  const differences = isReached ? [] : differencesOf(confirmed, known, options)
  if (isReached || differences.length > 0) refresh(first.zone)
  if (differences.length > 0) throw new OvertakenError(differences)
  return isReached
}

async function read(client: FlexibleIpClient, { zone, id, macAddress }: Confirmed, confirmed: readonly Confirmed[], isAlone: boolean): Promise<Known> {
  try {
    // Only a list shows what has joined a group.
    if ((macAddress && !isAlone) || confirmed.length > 1) return new Map((await client.listFlexibleIPs({ zone }).all()).map((ip) => [ip.id, ip]))
  } catch (error) {
    throw new UnreadError(error)
  }
  const now = await readUnlessGone(client, { zone, id })
  return new Map(now && [[id, now]])
}

/** One flexible IP as it is now. Throws if it is gone. */
export async function readOne({ client, refresh }: Where, ip: Pick<Confirmed, 'zone' | 'id' | 'ipAddress'>): Promise<FlexibleIP> {
  const now = await readUnlessGone(client, ip)
  if (!now) refresh(ip.zone)
  if (!now) throw new OvertakenError([{ ipAddress: ip.ipAddress, kind: 'gone' }])
  return now
}

async function readUnlessGone(client: FlexibleIpClient, { zone, id }: Pick<Confirmed, 'zone' | 'id'>): Promise<FlexibleIP | undefined> {
  try {
    return await client.getFlexibleIP({ zone, fipId: id })
  } catch (error) {
    if (isFlexipError(error) && (error.code === 'not_found' || (error.code === 'permissions_denied' && (await isUnlisted(client, { zone, id }))))) return undefined
    throw new UnreadError(error)
  }
}

/** The API refuses what is gone as it refuses what the key may not read. A list that can be read tells them apart. */
async function isUnlisted(client: FlexibleIpClient, { zone, id }: Pick<Confirmed, 'zone' | 'id'>): Promise<boolean> {
  try {
    return !(await client.listFlexibleIPs({ zone }).all()).some((ip) => ip.id === id)
  } catch {
    return false
  }
}
