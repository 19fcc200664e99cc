// The decision of `flexip watch`, without I/O: which server should have the flexible IPs. Time is an argument.

/** When the flexible IPs move. */
export interface WatchRules {
  /** A server is down when this many of its last `of` checks failed. */
  fall: number
  of: number
  /** A server is up when its last `rise` checks succeeded. Only such a server is a target. */
  rise: number
  /** The shortest time between two moves, in milliseconds. */
  coolDownMs: number
  /** Whether they go back to the first server as soon as that is up. */
  failback: boolean
}

/** What happened. Servers are numbers, in the order of preference. */
export type WatchInput =
  /** A check of a server ended. */
  | { type: 'checked'; server: number; isUp: boolean; at: number }
  /** The API says which server has the flexible IPs: `undefined` if it is none of these, or not one. */
  | { type: 'owned'; server: number | undefined; at: number }
  /** The move that was ordered ended. */
  | { type: 'moved'; isDone: boolean; at: number }

/** A move to order. `isContinued` is one that did not end before, to the same server. */
export interface WatchMove {
  from: number | undefined
  to: number
  isContinued: boolean
}

interface Window {
  /** The last checks, the oldest first. */
  results: readonly boolean[]
}

/** All that a decision depends on. */
export interface WatchState {
  readonly rules: WatchRules
  readonly windows: readonly Window[]
  readonly owner: number | undefined
  /** The server of the move that is under way, or that did not end. */
  readonly target: number | undefined
  readonly isMoving: boolean
  /** When the last move began, or when others were seen to have moved them. */
  readonly lastMoveAt: number | undefined
}

/** The state before anything is known of these many servers. */
export function beginWatch(rules: WatchRules, servers: number): WatchState {
  return { rules, windows: Array.from({ length: servers }, () => ({ results: [] })), owner: undefined, target: undefined, isMoving: false, lastMoveAt: undefined }
}

/** The next state, and the move to order, if there is one. */
export function decide(state: WatchState, input: WatchInput): { state: WatchState; move?: WatchMove } {
  const noted = note(state, input)
  const to = noted.isMoving ? undefined : targetOf(noted, input.at)
  if (to === undefined) return { state: noted }
  const isContinued = noted.target === to
  // What left for a target that failed since is on its way there.
  const move = { from: isContinued ? noted.owner : (noted.target ?? noted.owner), to, isContinued }
  return { state: { ...noted, isMoving: true, target: to, lastMoveAt: isContinued ? noted.lastMoveAt : input.at }, move }
}

function note(state: WatchState, input: WatchInput): WatchState {
  if (input.type === 'checked') {
    const size = Math.max(state.rules.of, state.rules.rise)
    const windows = state.windows.map((window, server) => (server === input.server ? { results: [...window.results, input.isUp].slice(-size) } : window))
    return { ...state, windows }
  }
  if (input.type === 'moved') {
    const { target } = state
    return input.isDone ? { ...state, isMoving: false, owner: target, target: undefined } : { ...state, isMoving: false }
  }
  // During a move the API shows what is on its way. Between moves, only others can have moved them.
  if (state.isMoving || input.server === state.owner) return state
  if (input.server === undefined) return { ...state, owner: undefined }
  const isFirst = state.owner === undefined && state.lastMoveAt === undefined && state.target === undefined
  const isArrival = input.server === state.target
  return { ...state, owner: input.server, target: undefined, lastMoveAt: isFirst || isArrival ? state.lastMoveAt : input.at }
}

/** The server that the flexible IPs should go to now. */
function targetOf(state: WatchState, at: number): number | undefined {
  const { rules, owner, target, lastMoveAt, windows } = state
  // A move that did not end goes on, while its target is up.
  if (target !== undefined && isUp(state, target)) return target
  if (lastMoveAt !== undefined && at < lastMoveAt + rules.coolDownMs) return undefined
  // An owner that is unknown may be well.
  const from = target ?? owner
  if (from === undefined) return undefined
  const best = windows.findIndex((_, server) => server !== from && isUp(state, server))
  if (best === -1) return undefined
  if (isDown(state, from)) return best
  return rules.failback && from !== 0 && best === 0 ? 0 : undefined
}

/** Whether enough of the last checks of a server failed. */
export function isDown({ rules, windows }: WatchState, server: number): boolean {
  const last = windows[server]?.results.slice(-rules.of) ?? []
  return last.filter((result) => !result).length >= rules.fall
}

/** Whether the last checks of a server succeeded, and it is not down by the others. */
export function isUp(state: WatchState, server: number): boolean {
  const last = state.windows[server]?.results.slice(-state.rules.rise) ?? []
  return last.length === state.rules.rise && last.every(Boolean) && !isDown(state, server)
}
