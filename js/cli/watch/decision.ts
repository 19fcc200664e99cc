// The decision of `flexip watch`, without I/O: which server should have the flexible IPs. Time is an argument.

/** When the flexible IPs move. */
export interface WatchRules {
  /** A server is down when this many of its last `of` checks failed. */
  fall: number
  of: number
  /** A server is up when its last `rise` checks succeeded. Only such a server is a target. */
  rise: number
  /** The shortest time from the end of a move to the next, in milliseconds. */
  coolDownMs: number
  /** The pause after an attempt that did not arrive, in milliseconds. It doubles with each, up to a minute. */
  pauseMs: number
  /** Whether they go back to the first server as soon as that is up. */
  failback: boolean
}

/** The longest pause after an attempt that did not arrive, unless `pauseMs` is longer. */
const longestPauseMs = 60_000

/** How long a target may refuse while another server is up, in milliseconds: a conflict can pass by itself. */
const longestRefusalMs = 3000

/** What happened. Servers are numbers, in the order of preference. */
export type WatchInput =
  /** A check of a server ended. */
  | { type: 'checked'; server: number; isUp: boolean; at: number }
  /**
   * The API says which server has the flexible IPs: `undefined` if it is none of these. Between moves it is the one with
   * most of them, or a server that is down. `isSame` says that others have moved none. While a move is unfinished it is
   * the one with all that have still to go: `undefined` says that they are on their way, unless others brought them
   * elsewhere. `isSettled` says that none has to go any more, though not all have arrived.
   */
  | { type: 'owned'; server: number | undefined; isElsewhere?: true; isSame?: true; isSettled?: true; at: number }
  /** The API did not say it. */
  | { type: 'unread'; at: number }
  /** The target of the attempt that is under way was asked to take some of them, and accepted or refused it. */
  | { type: 'asked'; isRefused: boolean; at: number }
  /** The attempt that was ordered ended. `hasChanged` says that it sent a change which was not refused, `isRefused` that its target cannot take them, `isEmpty` that none had to go when it began. */
  | { type: 'moved'; isDone: boolean; hasChanged: boolean; isRefused?: boolean; isEmpty?: boolean; at: number }

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
  /** Of a move that did not end: whether it has changed anything, and whether its target cannot take them. */
  readonly hasChanged: boolean
  readonly isRefused: boolean
  /** Since when the target of the attempt that is under way has accepted nothing, and refused. */
  readonly refusedSince: number | undefined
  /** How many consecutive attempts did not arrive. Before `pausedUntil` there is no other to a server of these. */
  readonly failures: number
  readonly pausedUntil: number
  readonly failedTargets: readonly number[]
  /** When the last move ended that changed something: by then, all that has arrived had. */
  readonly lastMoveAt: number | undefined
  /** When others were last seen to have moved them: no failback undoes it within the cool-down. */
  readonly othersMovedAt: number | undefined
  /** Whether what has left a server waits for one that is up. */
  readonly isWaiting: boolean
}

/** What follows from an input: the next state, and what there is to do or to say. */
export interface Decision {
  state: WatchState
  /** The attempt to order. */
  move?: WatchMove
  /** The attempt that is under way is to end: its target refuses, and another server is up. */
  stop?: true
  /** The target that was given up: nothing goes there any more. */
  abandoned?: number
  /** It was given up because others have brought them to another server that is watched. */
  isBrought?: boolean
  /** No server is up that could take what is on none, or on one that is not up. */
  isWaiting?: true
}

const atRest = { target: undefined, isMoving: false, hasChanged: false, isRefused: false, refusedSince: undefined, isWaiting: false } as const

/** The state before anything is known of these many servers. */
export function beginWatch(rules: WatchRules, servers: number): WatchState {
  return { rules, windows: Array.from({ length: servers }, () => ({ results: [] })), owner: undefined, ...atRest, place: 'unknown', failures: 0, pausedUntil: -Infinity, failedTargets: [], lastMoveAt: undefined, othersMovedAt: undefined }
}

/** The next state, and the move to order or the target that was given up, if there is one. */
export function decide(state: WatchState, input: WatchInput): Decision {
  const noted = note(state, input)
  if (noted.isMoving) return { state: noted, ...(givesWay(noted, input.at) && { stop: true }) }
  if (noted.target !== undefined) return resume(noted, noted.target, input.at)
  const isBrought = isBroughtAway(state, input)
  const isAbandoned = state.target !== undefined && (isBrought || (input.type === 'owned' && (input.isSettled === true || input.isElsewhere === true)) || (input.type === 'moved' && input.isEmpty === true))
  return { ...begin(noted, input.at), ...(isAbandoned && { abandoned: state.target }), ...(isBrought && { isBrought }) }
}

/** Whether others have brought all that a move was to bring to a server that is none of the move. */
function isBroughtAway({ target, owner, failedTargets }: WatchState, input: WatchInput): boolean {
  if (target === undefined || input.type !== 'owned' || input.isSettled || input.server === undefined) return false
  return input.server !== target && input.server !== owner && !failedTargets.includes(input.server)
}

/** The ordinary rule. */
function begin(state: WatchState, at: number): Decision {
  const to = targetOf(state, at)
  if (to === undefined) return { state }
  return order({ ...state, hasChanged: false }, { from: state.owner, to, isContinued: false })
}

/** A further attempt. */
function goOn(state: WatchState, move: Omit<WatchMove, 'isContinued'>): Decision {
  return order(state, { ...move, isContinued: true })
}

function order(state: WatchState, move: WatchMove): Decision {
  // One that failed is asked again only when every other has failed too.
  const failedTargets = state.failedTargets.includes(move.to) ? [] : state.failedTargets
  return { state: { ...state, isMoving: true, target: move.to, isRefused: false, refusedSince: undefined, isWaiting: false, failedTargets }, move }
}

/** What becomes of a move that did not end. */
function resume(state: WatchState, target: number, at: number): Decision {
  const { owner, place, hasChanged, isRefused, windows } = state
  if (place === 'unknown') return { state }
  const from = place === 'source' ? owner : undefined
  // Nothing has left, or its server is up: the same target again, or the ordinary rule decides again.
  if (from !== undefined && ((!hasChanged && !isRefused) || isUp(state, from))) {
    const isFailed = !isFree(state, target, at)
    if (mayGoOn(state, { from, to: target }, false)) return isFailed ? { state } : goOn(state, { from, to: target })
    // Before the pause is over, the target may be up again, unless another server is.
    const next = begin(ended(state, from, at), at)
    return isFailed && !next.move ? { state } : { ...next, abandoned: target }
  }
  // What has left must arrive at a server that is up, also if that is the one that it came from. One that has just failed is not the next.
  const up = [target, ...windows.keys()].filter((server) => server !== from && isUp(state, server))
  const to = up.find((server) => !state.failedTargets.includes(server)) ?? up.find((server) => isFree(state, server, at))
  if (to !== undefined) return goOn(state, { from, to })
  if (up.length > 0 || state.isWaiting) return { state: { ...state, isWaiting: up.length === 0 } }
  return { state: { ...state, isWaiting: true }, isWaiting: true }
}

/** The state when a move has ended, with the flexible IPs on this server. Only a move that changed something counts for the cool-down. */
function ended(state: WatchState, owner: number | undefined, at: number): WatchState {
  return { ...state, ...atRest, owner, lastMoveAt: state.hasChanged ? at : state.lastMoveAt }
}

/** Whether an attempt ends because its target has refused for a while, and another server, which has not just failed, is up. */
function givesWay(state: WatchState, at: number): boolean {
  const { target, refusedSince, failedTargets, windows } = state
  if (refusedSince === undefined || at < refusedSince + longestRefusalMs) return false
  return [...windows.keys()].some((server) => server !== target && !failedTargets.includes(server) && isUp(state, server))
}

/** Whether an attempt may go to this server: it is not one that failed, or the pause is over. */
function isFree({ failedTargets, pausedUntil }: WatchState, server: number, at: number): boolean {
  return at >= pausedUntil || !failedTargets.includes(server)
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
    const hasChanged = state.hasChanged || input.hasChanged
    if (input.isDone) return { ...ended({ ...state, hasChanged: true }, target, input.at), failures: 0, failedTargets: [] }
    const failures = state.failures + 1
    const pause = Math.min(Math.max(rules.pauseMs, longestPauseMs), rules.pauseMs * 2 ** Math.min(failures - 1, 20))
    const failedTargets = target === undefined ? state.failedTargets : [...state.failedTargets, target]
    // Where they are now, the next read says. The pause keeps the next attempt from following at once.
    const isOver = input.isEmpty === true && !hasChanged
    return { ...state, isMoving: false, place: 'unknown', hasChanged, isRefused: input.isRefused === true, failures, pausedUntil: input.at + pause, failedTargets, ...(isOver && { ...atRest, owner: undefined }) }
  }
  if (input.type === 'asked') return state.isMoving ? { ...state, refusedSince: input.isRefused ? (state.refusedSince ?? input.at) : undefined } : state
  // During a move the API shows what is on its way.
  if (state.isMoving) return state
  if (input.type === 'unread') return { ...state, place: 'unknown' }
  if (state.target !== undefined && input.isSettled) return ended(state, input.server, input.at)
  if (state.target !== undefined && !input.isElsewhere) {
    if (input.server === undefined) return { ...state, place: 'between' }
    if (input.server === state.target) return { ...ended({ ...state, hasChanged: true }, input.server, input.at), failures: 0, failedTargets: [] }
    if (input.server === state.owner) return { ...state, place: 'source' }
    // Another target of the same move has them after all.
    if (state.hasChanged && state.failedTargets.includes(input.server)) return { ...ended(state, input.server, input.at), failures: 0 }
  }
  // Between moves, only others can have moved them.
  if (input.server === state.owner) return state
  if (input.server === undefined) return ended(state, undefined, input.at)
  if (input.isSame) return { ...state, owner: input.server }
  const isFirst = state.owner === undefined && state.lastMoveAt === undefined
  return { ...ended(state, input.server, input.at), othersMovedAt: isFirst ? state.othersMovedAt : input.at }
}

/** The server that the flexible IPs should go to now. */
function targetOf(state: WatchState, at: number): number | undefined {
  const { rules, owner, lastMoveAt, othersMovedAt, windows } = state
  const isWithinCoolDown = (since = -Infinity) => at < since + rules.coolDownMs
  if (isWithinCoolDown(lastMoveAt)) return undefined
  // An owner that is unknown may be well.
  if (owner === undefined) return undefined
  const best = windows.findIndex((_, server) => server !== owner && isUp(state, server) && isFree(state, server, at))
  if (best === -1) return undefined
  if (isDown(state, owner)) return best
  return rules.failback && owner !== 0 && best === 0 && !isWithinCoolDown(othersMovedAt) ? 0 : undefined
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
