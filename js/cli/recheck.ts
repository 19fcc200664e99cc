// A last read before a change is sent: what was asked must still hold, since an answer can take hours.
import { type FlexibleIP, isFlexipError } from '../index.js'
import { type SeenIp, seenOf, staleness } from './seen.js'
import type { Session } from './session.js'
import { exitCodes } from './exit-codes.js'
import { isStuck } from './failure.js'
import { Changed, Stop } from './stop.js'

/** What tells whether it is still the same flexible IP in the same place, and what moves with it. Of the status only `locked` counts: the others pass. */
const fields = ['projectId', 'serverId', 'description', 'tags', 'reverse', 'macId', 'group'] as const

/** Notes what a command decides by. Throws a `Stop` if any of it is locked. Returns the function that reads again, and throws a `Changed` if something is not as it was. */
export function noteBefore(session: Session, ips: readonly FlexibleIP[], all: readonly FlexibleIP[]): () => Promise<void> {
  refuseLocked(ips)
  const noted: SeenIp[] = ips.map((ip) => {
    const seen = seenOf(ip, all)
    return { id: ip.id, address: ip.ipAddress, zone: ip.zone, seen: Object.fromEntries(fields.map((field) => [field, seen[field]])) }
  })
  return async () => {
    const { client } = await session.connection()
    const zones = [...new Set(ips.map(({ zone }) => zone))]
    const lists = await Promise.all(zones.map((zone) => client.listFlexibleIPs({ zone, pageSize: 100 }, session.call()).all()))
    const now = lists.flat()
    const isLocked = ({ id }: FlexibleIP) => now.some((other) => other.id === id && other.status === 'locked')
    const stale = [...staleness(noted, now), ...ips.filter(isLocked).map(({ ipAddress, status }) => `${ipAddress}: status was ${JSON.stringify(status)}, and is "locked"`)]
    if (stale.length > 0) throw new Changed([...stale, 'Nothing was changed. Run the command again.'])
  }
}

/** The service locks a flexible IP, and refuses its changes or keeps them from their end. */
export function refuseLocked(ips: readonly FlexibleIP[]): void {
  const locked = ips.filter(({ status }) => status === 'locked').map(({ ipAddress }) => ipAddress)
  if (locked.length > 0) throw new Stop(exitCodes.refused, `locked: ${locked.join(', ')}`, ["Only Scaleway's support can end that.", 'Nothing was changed.'])
}

/** Refuses the steps that would not be made: of what is locked or in error, and not on the target. `isPart` says that others have arrived. */
export function refuseStuck(ips: readonly FlexibleIP[], target: string, isPart = false): void {
  const stuck = ips.filter((ip) => isStuck(ip) && ip.serverId !== target)
  if (stuck.length > 0) throw new Stop(isPart ? exitCodes.incomplete : exitCodes.refused, `not to be moved: ${stuck.map(({ ipAddress, status }) => `${ipAddress} is ${status === 'error' ? 'in error' : status}`).join(', ')}`, ["Only Scaleway's support can end that."])
}

/**
 * Makes a move. What the client refuses of the flexible IPs that the command chose has changed since the command read
 * them: that is a `Changed`, which names the addresses of those that are known. A target that is full, or does not
 * exist, is no wrong argument either.
 */
export async function unlessChanged<Result>(session: Session, move: Promise<Result>, ips: readonly FlexibleIP[], target?: string): Promise<Result> {
  try {
    return await move
  } catch (error) {
    if (!isFlexipError(error) || error.code !== 'invalid_arguments' || error.attempts > 0) throw error
    const { details } = error
    const isAbout = (pattern: RegExp) => details.length > 0 && details.every(({ argumentName, reason }) => pattern.test(argumentName) && reason === 'constraint')
    const helps = details.map(({ argumentName, helpMessage }) => withAddresses(helpMessage ?? argumentName, ips))
    if (isAbout(/^fips_ids/)) throw new Changed(helps, { cause: error })
    if (isAbout(/^(to_)?server_id$/)) throw target !== undefined && session.absence.has(target) ? absentTarget(target, error) : new Stop(exitCodes.refused, helps.join('; '), 'flexip destinations shows which servers have room.', { cause: error })
    throw error
  }
}

/** The text with the address of each flexible IP before its id. */
function withAddresses(text: string, ips: readonly FlexibleIP[]): string {
  return ips.reduce((named, { id, ipAddress }) => named.replaceAll(id, `${ipAddress} (${id})`), text)
}

function absentTarget(target: string, cause: unknown): Stop {
  return new Stop(exitCodes.notFound, `there is no server ${target}`, 'flexip servers lists all that the API key can see.', { cause })
}

/** How often such a command reads, and then gives up. */
const attemptsMax = 3

/** Repeats what reads and then changes, while what was read has changed before anything was sent. */
export async function againIfChanged<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Changed) || attempt === attemptsMax || session.signal.aborted) throw error
      session.say(`${error.message}: it is read again`)
    }
  }
}
