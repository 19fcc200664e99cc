// Where each flexible IP of `flexip watch` is, without I/O: which of them an attempt brings, and which server they are said to be on.
import { type WatchInput, type WatchMove, type WatchState, isDown, isUp } from './decision.js'

/** Where a flexible IP is. */
export interface Place {
  /** The server, as its number. `undefined` if it is on none, has begun to leave, or is on one that is not watched. */
  server: number | undefined
  /** It is on a server that is not watched: others brought it there. */
  isElsewhere?: true
  /** A transition is under way. */
  isMoving?: true
  /** It cannot move, because it is locked or in error, or one of its MAC group is. */
  isStuck?: true
  /** When a move of this watch last brought it to a server, or when that was first known. */
  movedAt?: number
}

/**
 * Whether an attempt brings it. What is on a server that is up stays, except for a failback, and so do what this watch has moved
 * within the cool-down, what is on a server that is not watched, because whether that is up is unknown, and what cannot move.
 */
export function goesAlong(state: WatchState, { to }: Pick<WatchMove, 'to'>, place: Place, at: number): boolean {
  const { server, isElsewhere, isStuck } = place
  if (isElsewhere || isStuck) return false
  if (server === undefined) return true
  if (isHeld(state, place, at)) return false
  return (state.rules.failback && to === 0) || !isUp(state, server)
}

function isHeld({ rules }: WatchState, { movedAt }: Place, at: number): boolean {
  return movedAt !== undefined && at < movedAt + rules.coolDownMs
}

/** What the decision receives of these places. `isSame` says that others have moved none of them since the last input. */
export function ownedOf(state: WatchState, places: readonly Place[], at: number, isSame: boolean): WatchInput {
  const { target } = state
  const isElsewhere = places.every((place) => place.isElsewhere)
  const same = isSame && ({ isSame } as { isSame: true })
  if (target === undefined || isElsewhere) return { type: 'owned', server: ownerOf(state, places, at), ...(isElsewhere && { isElsewhere }), ...same, at }
  const here = places.filter((place) => !place.isElsewhere && !place.isStuck)
  const isOnWay = here.some(({ isMoving }) => isMoving)
  const [one] = here
  if (!isOnWay && one?.server !== undefined && here.every(({ server }) => server === one.server)) return { type: 'owned', server: one.server, at }
  const rest = places.filter((place) => goesAlong(state, { to: target }, place, at))
  // What is on its way to a server that is up is waited for.
  if (rest.length === 0) return isOnWay ? { type: 'unread', at } : { type: 'owned', server: ownerOf(state, places, at), isSettled: true, at }
  const isAtSource = !isOnWay && state.owner !== undefined && rest.every(({ server }) => server === state.owner)
  return { type: 'owned', server: isAtSource ? state.owner : undefined, at }
}

/** The server that has most of those that may move because it is down, else most of all that can move. */
function ownerOf(state: WatchState, places: readonly Place[], at: number): number | undefined {
  const free = places.filter(({ isStuck }) => !isStuck)
  const inNeed = free.filter((place) => place.server !== undefined && isDown(state, place.server) && !isHeld(state, place, at))
  return withMost(inNeed) ?? withMost(free)
}

function withMost(places: readonly Place[]): number | undefined {
  const counts = new Map<number, number>()
  for (const { server } of places) if (server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1)
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b)[0]?.[0]
}
