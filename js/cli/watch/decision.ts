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
  /** The pause after an attempt that did not arrive, in milliseconds. It doubles with each, up to a minute. */
  pauseMs: number
  /** Whether they go back to the first server as soon as that is up. */
  failback: boolean
}

/** The longest pause after an attempt that did not arrive, unless `pauseMs` is longer. */
const longestPauseMs = 60_000

/** What happened. Servers are numbers, in the order of preference. */
export type WatchInput =
  /** A check of a server ended. */
  | { type: 'checked'; server: number; isUp: boolean; at: number }
  /**
   * The API says which server has the flexible IPs: `undefined` if it is none of these. Between moves it is the one with
   * most of them. While a move is unfinished it is the one with all of them: `undefined` says that they are on their way,
   * unless others brought them elsewhere.
   */
  | { type: 'owned'; server: number | undefined; isElsewhere?: true; at: number }
  /** The API did not say it. */
  | { type: 'unread'; at: number }
  /** The attempt that was ordered ended. */
  | { type: 'moved'; isDone: boolean; at: number }

/** A move to order. `from` is unknown when they are on their way. `isContinued` is one that did not end before: to the same server, or to another if that is no longer up. */
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
  /** Of a move that did not end: where the flexible IPs are. No attempt is made before that is known. */
  readonly place: 'unknown' | 'source' | 'between'
  /** How many consecutive attempts did not arrive. Before `pausedUntil` there is no other. */
  readonly failures: number
  readonly pausedUntil: number
  /** When the last move began, or when others were seen to have moved them. */
  readonly lastMoveAt: number | undefined
}

/** The state before anything is known of these many servers. */
export function beginWatch(rules: WatchRules, servers: number): WatchState {
  return { rules, windows: Array.from({ length: servers }, () => ({ results: [] })), owner: undefined, target: undefined, isMoving: false, place: 'unknown', failures: 0, pausedUntil: -Infinity, lastMoveAt: undefined }
}

/** The next state, and the move to order or the target that was given up, if there is one. */
export function decide(state: WatchState, input: WatchInput): { state: WatchState; move?: WatchMove; abandoned?: number } {
  const noted = note(state, input)
  if (noted.isMoving || input.at < noted.pausedUntil) return { state: noted }
  if (noted.target !== undefined) return resume(noted, noted.target)
  const to = targetOf(noted, input.at)
  if (to === undefined) return { state: noted }
  return { state: { ...noted, isMoving: true, target: to, lastMoveAt: input.at }, move: { from: noted.owner, to, isContinued: false } }
}

/** What becomes of a move that did not end. */
function resume(state: WatchState, target: number): { state: WatchState; move?: WatchMove; abandoned?: number } {
  const { owner, place, windows } = state
  if (place === 'unknown') return { state }
  const from = place === 'source' ? owner : undefined
  const order = (to: number) => ({ state: { ...state, isMoving: true, target: to }, move: { from, to, isContinued: true } })
  if (mayGoOn(state, { from, to: target }, false)) return order(target)
  // Nothing has left: the ordinary rule decides again.
  if (place === 'source') return { state: { ...state, target: undefined }, abandoned: target }
  // What has left must arrive at a server that is up, also if that is the one that it came from.
  const other = windows.findIndex((_, server) => isUp(state, server))
  return other === -1 ? { state } : order(other)
}

/** Whether a move that is under way may send a request: its target is up, and its source is not. Once it has changed something it may end, unless its target is down. */
export function mayGoOn(state: WatchState, { from, to }: Pick<WatchMove, 'from' | 'to'>, hasChanged: boolean): boolean {
  if (hasChanged) return !isDown(state, to)
  const isFailback = state.rules.failback && to === 0
  return isUp(state, to) && (isFailback || from === undefined || !isUp(state, from))
}

function note(state: WatchState, input: WatchInput): WatchState {
  if (input.type === 'checked') {
    const size = Math.max(state.rules.of, state.rules.rise)
    const windows = state.windows.map((window, server) => (server === input.server ? { results: [...window.results, input.isUp].slice(-size) } : window))
    return { ...state, windows }
  }
  if (input.type === 'moved') {
    const { target, rules } = state
    if (input.isDone) return { ...state, isMoving: false, owner: target, target: undefined, failures: 0 }
    const failures = state.failures + 1
    const pause = Math.min(Math.max(rules.pauseMs, longestPauseMs), rules.pauseMs * 2 ** Math.min(failures - 1, 20))
    return { ...state, isMoving: false, place: 'unknown', failures, pausedUntil: input.at + pause }
  }
  // During a move the API shows what is on its way.
  if (state.isMoving) return state
  if (input.type === 'unread') return { ...state, place: 'unknown' }
  if (state.target !== undefined && !input.isElsewhere) {
    if (input.server === undefined) return { ...state, place: 'between' }
    if (input.server === state.target) return { ...state, owner: input.server, target: undefined, failures: 0 }
    if (input.server === state.owner) return { ...state, place: 'source' }
  }
  // Between moves, only others can have moved them.
  if (input.server === state.owner) return state
  if (input.server === undefined) return { ...state, owner: undefined, target: undefined }
  const isFirst = state.owner === undefined && state.lastMoveAt === undefined
  return { ...state, owner: input.server, target: undefined, lastMoveAt: isFirst ? state.lastMoveAt : input.at }
}

/** The server that the flexible IPs should go to now. */
function targetOf(state: WatchState, at: number): number | undefined {
  const { rules, owner, lastMoveAt, windows } = state
  if (lastMoveAt !== undefined && at < lastMoveAt + rules.coolDownMs) return undefined
  // An owner that is unknown may be well.
  if (owner === undefined) return undefined
  const best = windows.findIndex((_, server) => server !== owner && isUp(state, server))
  if (best === -1) return undefined
  if (isDown(state, owner)) return best
  return rules.failback && owner !== 0 && best === 0 ? 0 : undefined
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
