// The decision of `flexip watch` against a model that remembers everything, over random histories of outages.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type WatchInput, type WatchMove, type WatchRules, type WatchState, beginWatch, decide, isDown, mayGoOn } from '../../js/cli/watch/decision.js'
import { type Place, goesAlong, ownedOf } from '../../js/cli/watch/places.js'

/** A history: rules, which servers are up in which tick, how moves end, what others do. */
interface History {
  rules: WatchRules
  servers: number
  owner: number
  /** For each tick and server: whether its check succeeds. */
  checks: boolean[][]
  /** For each attempt: after how many ticks it ends, whether it is done, if not where they are, what it sent, for how many ticks that is unread, and whether the target refuses it meanwhile. */
  moves: { ticks: number; isDone: boolean; refuses: boolean; isBetween: boolean; hasChanged: boolean; isRefused: boolean; unread: number }[]
  /** The ticks in which others move the flexible IPs, and to where. */
  foreign: Map<number, number>
}

const tickMs = 1000

const rulesArbitrary = fc.record({ fall: fc.integer({ min: 1, max: 4 }), more: fc.integer({ min: 0, max: 3 }), rise: fc.integer({ min: 1, max: 4 }), coolDownMs: fc.integer({ min: 0, max: 20 }).map((ticks) => ticks * tickMs), pauseMs: fc.integer({ min: 1, max: 4 }).map((ticks) => ticks * tickMs), failback: fc.boolean() }).map(({ more, ...rules }) => ({ ...rules, of: rules.fall + more }))

const historyArbitrary: fc.Arbitrary<History> = fc.integer({ min: 2, max: 4 }).chain((servers) =>
  fc.record({
    rules: rulesArbitrary,
    servers: fc.constant(servers),
    owner: fc.integer({ min: 0, max: servers - 1 }),
    // Outages have a length: a server stays up or down for some ticks.
    checks: fc.array(fc.tuple(fc.array(fc.boolean(), { minLength: servers, maxLength: servers }), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 12 }).map((spells) => spells.flatMap(([ups, ticks]) => Array.from({ length: ticks }, () => ups))),
    moves: fc.array(fc.record({ ticks: fc.integer({ min: 0, max: 7 }), isDone: fc.boolean(), refuses: fc.boolean(), isBetween: fc.boolean(), hasChanged: fc.boolean(), isRefused: fc.boolean(), unread: fc.integer({ min: 0, max: 2 }) }), { maxLength: 8 }),
    foreign: fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: servers - 1 })), { maxLength: 3 }).map((entries) => new Map(entries)),
  }),
)

interface Ordered extends WatchMove {
  at: number
  /** When the last attempt to the same server ended without an arrival, and how many consecutive ones had until then. */
  failed: { at: number; failures: number } | undefined
  /** Whether the move had changed something before, or its target could not take them. */
  mayGoElsewhere: boolean
  /** Whether the move changed something, or is done: then it counts for the cool-down. */
  counts: boolean
  /** When the move ended, of its first attempt: all that arrived had arrived by then. */
  endedAt?: number
  /** What was last read of an unfinished move. */
  place: 'unread' | 'source' | 'between' | undefined
  owner: number
  /** All checks of each server until then. */
  seen: boolean[][]
}

/** Plays a history, and returns the moves that were ordered, the ticks in which none was, with what was known, and the ticks in which a target refused. */
function play({ rules, servers, owner: first, checks, moves, foreign }: History) {
  let state = beginWatch(rules, servers)
  const seen: boolean[][] = Array.from({ length: servers }, () => [])
  const ordered: Ordered[] = []
  const quiet: { at: number; owner: number; seen: boolean[][]; unfinished: 'unread' | 'source' | 'between' | undefined; mayGoElsewhere: boolean; held: number[]; lastMoveAt: number | undefined }[] = []
  const refusing: { ms: number; isStopped: boolean; isOtherUp: boolean; isFreshUp: boolean }[] = []
  let owner = first
  let lastMoveAt: number | undefined
  let pending: { to: number; endsAt: number; refuses: boolean; refusedAt?: number; isStopped?: true; isDone: boolean; isBetween: boolean; hasChanged: boolean; isRefused: boolean; unread: number } | undefined
  let unfinished: { isBetween: boolean; readAt: number } | undefined
  let place: Ordered['place']
  /** The first attempt of the move that is under way. */
  let begun: (Ordered & { isFirst: Ordered | undefined }) | undefined
  let mayGoElsewhere = false
  let failures = 0
  let failedAt = -Infinity
  const failedTargets = new Map<number, { at: number; failures: number }>()
  const left = [...moves]
  const count = (at: number) => {
    if (begun?.isFirst) begun.counts = begun.isFirst.counts = true
    if (begun?.isFirst) begun.isFirst.endedAt = at
    lastMoveAt = at
  }
  const feed = (input: WatchInput) => {
    const { state: next, move, stop, abandoned } = decide(state, input)
    state = next
    if (stop && pending) pending.isStopped = true
    if (abandoned !== undefined) {
      // What was changed before is put back.
      if (begun?.counts) count(input.at)
      unfinished = place = begun = undefined
    }
    if (!move) return
    const attempt: Ordered = { ...move, at: input.at, seen: seen.map((results) => [...results]), failed: failedTargets.get(move.to), place, owner, mayGoElsewhere: move.isContinued && mayGoElsewhere, counts: false }
    ordered.push(attempt)
    if (!move.isContinued) begun = { ...attempt, isFirst: attempt }
    const { ticks, ...end } = left.shift() ?? { ticks: 1, refuses: false, isDone: true, isBetween: false, hasChanged: true, isRefused: false, unread: 0 }
    pending = { to: move.to, endsAt: input.at + ticks * tickMs, ...end }
    unfinished = undefined
  }
  feed({ type: 'owned', server: owner, at: 0 })
  for (const [tick, ups] of checks.entries()) {
    const at = tick * tickMs
    if (pending?.isStopped) Object.assign(pending, { endsAt: at, isDone: false, isRefused: true })
    if (pending && at >= pending.endsAt) {
      const { to, isDone, isRefused, unread } = pending
      const hasChanged = pending.hasChanged || pending.isBetween
      // What left its source before does not go back by itself.
      const isBetween = pending.isBetween || place === 'between'
      pending = undefined
      unfinished = isDone ? undefined : { isBetween, readAt: at + unread * tickMs }
      place = isDone ? undefined : 'unread'
      if (begun?.isFirst && hasChanged) begun.counts = begun.isFirst.counts = true
      mayGoElsewhere = isRefused || begun?.counts === true
      if (isDone) {
        count(at)
        owner = to
        failures = 0
        failedTargets.clear()
        begun = undefined
      } else failedTargets.set(to, { at: (failedAt = at), failures: (failures += 1) })
      feed({ type: 'moved', isDone, hasChanged, isRefused, at })
    }
    if (unfinished && !pending) {
      const isRead = at >= unfinished.readAt
      if (isRead) place = unfinished.isBetween ? 'between' : 'source'
      feed(isRead ? { type: 'owned', server: unfinished.isBetween ? undefined : owner, at } : { type: 'unread', at })
    }
    const moved = foreign.get(tick)
    if (moved !== undefined && !pending && unfinished === undefined && moved !== owner) {
      owner = moved
      feed({ type: 'owned', server: owner, at })
    }
    const wellOthers = () => seen.flatMap((results, server) => (server !== pending?.to && well(results, rules) ? [server] : []))
    const before = wellOthers()
    if (pending?.refuses) {
      pending.refusedAt ??= at
      feed({ type: 'asked', isRefused: true, at })
    }
    for (const [server, isUp] of ups.entries()) {
      seen[server]?.push(isUp)
      feed({ type: 'checked', server, isUp, at })
    }
    if (pending?.refusedAt !== undefined) {
      const { refusedAt, isStopped = false } = pending
      const others = wellOthers()
      refusing.push({ ms: at - refusedAt, isStopped, isOtherUp: before.length + others.length > 0, isFreshUp: others.some((server) => !failedTargets.has(server)) })
    }
    const held = at < failedAt + pauseOf(rules, failures) ? [...failedTargets.keys()] : []
    if (!pending) quiet.push({ at, owner, seen: seen.map((results) => [...results]), unfinished: unfinished && place, mayGoElsewhere, held, lastMoveAt })
  }
  return { ordered, quiet, refusing }
}

/** The shortest pause after so many consecutive attempts that did not arrive. */
const pauseOf = ({ pauseMs }: WatchRules, failures: number) => Math.min(60_000, pauseMs * 2 ** (failures - 1))

/** The model's own words for down and up, from all checks. */
const failed = (results: boolean[], { fall, of }: WatchRules) => results.slice(Math.max(0, results.length - of)).reduce((sum, isUp) => sum + (isUp ? 0 : 1), 0) >= fall
const well = (results: boolean[], rules: WatchRules) => results.length >= rules.rise && !results.slice(results.length - rules.rise).includes(false) && !failed(results, rules)

const runs = { numRuns: 10_000, seed: 14 }

describe('over 10,000 histories of outages, flexip watch', () => {
  test('never moves without N of M failed checks of the server that has them, except back to the first if it may', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        for (const { from, to, isContinued, seen } of play(history).ordered) {
          if (isContinued || from === undefined) continue
          const mayGoBack = history.rules.failback && to === 0
          expect(mayGoBack || failed(seen[from] ?? [], history.rules)).toBe(true)
        }
      }),
      runs,
    )
  })

  test('never moves to a server that is not up', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        for (const { to, seen } of play(history).ordered) expect(well(seen[to] ?? [], history.rules)).toBe(true)
      }),
      runs,
    )
  })

  test('moves not before the cool-down after the end of a move, when they had arrived, is over, also after others moved them', () => {
    let again = 0
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { ordered } = play(history)
        const begun = ordered.filter(({ isContinued }) => !isContinued)
        for (const [index, { at }] of begun.entries()) {
          const last = begun.slice(0, index).filter(({ counts }) => counts).at(-1)
          if (!last) continue
          again += 1
          expect(at - (last.endedAt ?? Infinity)).toBeGreaterThanOrEqual(history.rules.coolDownMs)
        }
        // A continued move goes to the same server as the one before, unless something has changed or that one cannot take them.
        for (const [index, { isContinued, to, mayGoElsewhere }] of ordered.entries()) if (isContinued && to !== ordered[index - 1]?.to) expect(mayGoElsewhere).toBe(true)
      }),
      runs,
    )
    expect(again).toBeGreaterThan(300)
  })

  test('never continues a move whose source is up again, or before it is known where they are', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        for (const { isContinued, to, owner, place, seen } of play(history).ordered) {
          if (!isContinued) continue
          expect(['source', 'between']).toContain(place)
          const isFailback = history.rules.failback && to === 0
          if (place === 'source' && !isFailback) expect(well(seen[owner] ?? [], history.rules)).toBe(false)
        }
      }),
      runs,
    )
  })

  test('makes no attempt to a server without a pause after one that did not arrive there, and the pause doubles', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        for (const { at, failed: last } of play(history).ordered) if (last) expect(at - last.at).toBeGreaterThanOrEqual(pauseOf(history.rules, last.failures))
      }),
      runs,
    )
  })

  test('moves as soon as it may: after no tick a move is due that was not ordered', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { rules } = history
        for (const { at, owner, seen, unfinished, held, lastMoveAt } of play(history).quiet) {
          if (unfinished || (lastMoveAt !== undefined && at < lastMoveAt + rules.coolDownMs)) continue
          const isDue = failed(seen[owner] ?? [], rules) && seen.some((results, server) => server !== owner && !held.includes(server) && well(results, rules))
          expect(isDue).toBe(false)
        }
      }),
      runs,
    )
  })

  test('leaves nothing on no server, or on one that is not up, while another is up that has not just failed: no cool-down counts', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { rules } = history
        for (const { owner, seen, unfinished, mayGoElsewhere, held } of play(history).quiet) {
          const isStranded = unfinished === 'between' || (unfinished === 'source' && mayGoElsewhere && !well(seen[owner] ?? [], rules))
          if (isStranded) expect(seen.some((results, server) => (unfinished === 'between' || server !== owner) && !held.includes(server) && well(results, rules))).toBe(false)
        }
      }),
      runs,
    )
  })

  test('ends an attempt whose target has refused for three seconds while another server is up that has not failed, and not before', () => {
    let stopped = 0
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        for (const { ms, isStopped, isOtherUp, isFreshUp } of play(history).refusing) {
          if (ms >= 3000 && isFreshUp) expect(isStopped).toBe(true)
          if (ms < 3000 || !isOtherUp) expect(isStopped).toBe(false)
          stopped += Number(isStopped)
        }
      }),
      runs,
    )
    expect(stopped).toBeGreaterThan(100)
  })

  test('without failback, never leaves a server that is not down', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const rules = { ...history.rules, failback: false }
        const alwaysUp = { ...history, rules, foreign: new Map(), checks: history.checks.map((ups) => ups.map((isUp, server) => server === history.owner || isUp)) }
        expect(play(alwaysUp).ordered).toEqual([])
      }),
      runs,
    )
  })
})

/** How an attempt ends for one flexible IP: it arrives, or cannot leave, or has left and cannot arrive. */
type End = 'arrives' | 'stays' | 'between'

/** A history with several flexible IPs, of which some cannot go. */
const severalArbitrary = fc.tuple(historyArbitrary, fc.integer({ min: 2, max: 3 })).chain(([history, count]) =>
  fc.record({
    history: fc.constant(history),
    ends: fc.array(fc.record({ ticks: fc.integer({ min: 0, max: 3 }), ips: fc.array(fc.constantFrom<End>('arrives', 'arrives', 'stays', 'between'), { minLength: count, maxLength: count }), unread: fc.integer({ min: 0, max: 1 }) }), { maxLength: 12 }),
    // What is locked stays where it is in every attempt.
    stuck: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
    // The last number is a server that is not watched.
    foreign: fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: count - 1 }), fc.integer({ min: 0, max: history.servers })), { maxLength: 3 }),
  }),
)

/** Plays such a history as the loop of the command does, and returns each departure from a server, and for each attempt how many were on a server that is not watched, and how many of these it brings. */
function playSeveral({ history: { rules, servers, owner, checks }, ends, stuck, foreign }: typeof severalArbitrary extends fc.Arbitrary<infer T> ? T : never) {
  let state = beginWatch(rules, servers)
  const seen: boolean[][] = Array.from({ length: servers }, () => [])
  const places: Place[] = stuck.map(() => ({ server: owner }))
  const movedAt: (number | undefined)[] = stuck.map(() => undefined)
  const departures: { ip: number; from: number; to: number; at: number; isWell: boolean; sinceLast: number }[] = []
  const elsewhere: { count: number; going: number }[] = []
  const left = [...ends]
  let unreadUntil = -Infinity
  let isOwn = false
  let pending: { to: number; endsAt: number; going: number[]; ips: End[]; unread: number } | undefined
  const feed = (input: WatchInput) => {
    const { state: next, move } = decide(state, input)
    state = next
    if (!move) return
    const { at } = input
    const { ticks, ...end } = left.shift() ?? { ticks: 1, ips: [], unread: 0 }
    const going = places.flatMap((place, ip) => (place.server !== move.to && goesAlong(state, move, place, at) ? [ip] : []))
    elsewhere.push({ count: places.filter(({ isElsewhere }) => isElsewhere).length, going: going.filter((ip) => places[ip]?.isElsewhere).length })
    for (const ip of going) {
      const from = places[ip]?.server
      if (from === undefined || stuck[ip] || end.ips[ip] === 'stays') continue
      departures.push({ ip, from, to: move.to, at, isWell: well(seen[from] ?? [], rules), sinceLast: at - (movedAt[ip] ?? -Infinity) })
    }
    pending = { to: move.to, endsAt: at + ticks * tickMs, going, ...end }
  }
  const read = (at: number, isSame: boolean) => feed(ownedOf(state, places, at, isSame))
  read(0, false)
  for (const [tick, ups] of checks.entries()) {
    const at = tick * tickMs
    if (pending && at >= pending.endsAt) {
      const { to, going, ips, unread } = pending
      pending = undefined
      const endOf = (ip: number): End => (stuck[ip] ? 'stays' : (ips[ip] ?? 'arrives'))
      for (const ip of going) {
        const end = endOf(ip)
        if (end === 'arrives') [places[ip], movedAt[ip]] = [{ server: to, movedAt: at }, at]
        else if (end === 'between') places[ip] = { server: undefined }
      }
      unreadUntil = at + unread * tickMs
      isOwn = true
      feed({ type: 'moved', isDone: going.every((ip) => endOf(ip) === 'arrives'), hasChanged: going.some((ip) => endOf(ip) !== 'stays'), at })
    }
    let isForeign = false
    for (const [when, ip, server] of foreign) {
      if (when !== tick || pending || isOwn || state.target !== undefined || places[ip]?.server === server) continue
      const moved = movedAt[ip]
      const own = moved !== undefined && { movedAt: moved }
      places[ip] = server === servers ? { server: undefined, isElsewhere: true, ...own } : { server, ...own }
      isForeign = true
    }
    if (!pending && at >= unreadUntil) {
      read(at, !isForeign)
      isOwn = false
    } else if (!pending) feed({ type: 'unread', at })
    for (const [server, isUp] of ups.entries()) {
      seen[server]?.push(isUp)
      feed({ type: 'checked', server, isUp, at })
    }
    if (!pending && state.target === undefined && !isOwn) read(at, true)
  }
  return { departures, elsewhere }
}

describe('over 10,000 histories of several flexible IPs, of which some cannot go, flexip watch', () => {
  test('never takes one from a server that is up, whatever the others do, except back to the first if it may', () => {
    let departed = 0
    fc.assert(
      fc.property(severalArbitrary, (several) => {
        for (const { isWell, to } of playSeveral(several).departures) {
          departed += 1
          expect(isWell && !(several.history.rules.failback && to === 0)).toBe(false)
        }
      }),
      runs,
    )
    expect(departed).toBeGreaterThan(3000)
  })

  test('never takes one from a server that it does not watch, whatever the others do', () => {
    let stayed = 0
    fc.assert(
      fc.property(severalArbitrary, (several) => {
        for (const { count, going } of playSeveral(several).elsewhere) {
          stayed += count
          expect(going).toBe(0)
        }
      }),
      runs,
    )
    expect(stayed).toBeGreaterThan(300)
  })

  test('never moves one again before the cool-down after it has arrived is over', () => {
    let again = 0
    fc.assert(
      fc.property(severalArbitrary, (several) => {
        for (const { sinceLast } of playSeveral(several).departures) {
          expect(sinceLast).toBeGreaterThanOrEqual(several.history.rules.coolDownMs)
          again += Number(sinceLast < Infinity)
        }
      }),
      runs,
    )
    expect(again).toBeGreaterThan(300)
  })
})

describe('flexip watch', () => {
  const rules: WatchRules = { fall: 2, of: 3, rise: 2, coolDownMs: 10_000, pauseMs: 5, failback: false }
  const check = (ups: [number, boolean][], at: number): WatchInput[] => ups.map(([server, isUp]) => ({ type: 'checked', server, isUp, at }))
  const movesOf = (own: Partial<WatchRules>, inputs: WatchInput[]) => {
    let state = beginWatch({ ...rules, ...own }, 3)
    return inputs.flatMap((input) => {
      const { state: next, move } = decide(state, input)
      state = next
      return move ? [{ ...move, at: input.at }] : []
    })
  }

  test('moves after 2 of 3 failed checks, to a server that is up', () => {
    const inputs: WatchInput[] = [{ type: 'owned', server: 0, at: 0 }, ...check([[1, true], [0, false]], 1), ...check([[1, true], [0, true]], 2), ...check([[1, true], [0, false]], 3)]
    expect(movesOf({}, inputs)).toEqual([{ from: 0, to: 1, isContinued: false, at: 3 }])
  })

  test('stays when all servers fail: then its own network is the likely cause', () => {
    const inputs: WatchInput[] = [{ type: 'owned', server: 0, at: 0 }, ...[1, 2, 3, 4].flatMap((at) => check([[0, false], [1, false]], at))]
    expect(movesOf({}, inputs)).toEqual([])
  })

  test('does not move what is on no server that it watches', () => {
    const inputs: WatchInput[] = [{ type: 'owned', server: undefined, at: 0 }, ...[1, 2, 3].flatMap((at) => check([[0, false], [1, true]], at))]
    expect(movesOf({}, inputs)).toEqual([])
  })

  test('counts the cool-down from the end of a move, however long the move took', () => {
    const down = [1, 2].flatMap((at) => check([[1, true], [2, true], [0, false]], at))
    const late = [60_000, 60_001, 70_003, 70_004].flatMap((at) => check([[2, true], [1, false]], at))
    expect(movesOf({}, [{ type: 'owned', server: 0, at: 0 }, ...down, { type: 'moved', isDone: true, hasChanged: true, at: 60_003 }, ...late])).toEqual([first, { from: 1, to: 2, isContinued: false, at: 70_003 }])
  })

  test('goes back only with failback, and only after the cool-down', () => {
    const inputs: WatchInput[] = [{ type: 'owned', server: 0, at: 0 }, ...[1, 2].flatMap((at) => check([[1, true], [0, false]], at)), { type: 'moved', isDone: true, hasChanged: true, at: 3 }, ...[4, 5, 6, 7, 20_000].flatMap((at) => check([[1, true], [0, true]], at))]
    expect(movesOf({}, inputs)).toHaveLength(1)
    expect(movesOf({ failback: true }, inputs)).toMatchObject([{ to: 1 }, { from: 1, to: 0, at: 20_000 }])
  })

  /** Server 0 is down, and the first attempt to bring them to server 1 did not arrive, at 3. */
  const refused: WatchInput[] = [{ type: 'owned', server: 0, at: 0 }, ...[1, 2].flatMap((at) => check([[1, true], [0, false]], at)), { type: 'moved', isDone: false, hasChanged: false, at: 3 }]
  const first = { from: 0, to: 1, isContinued: false, at: 2 }
  const stateAfter = (inputs: WatchInput[]) => inputs.reduce<{ state: WatchState; abandoned: number[] }>(({ state, abandoned }, input) => {
    const next = decide(state, input)
    return { state: next.state, abandoned: next.abandoned === undefined ? abandoned : [...abandoned, next.abandoned] }
  }, { state: beginWatch(rules, 2), abandoned: [] })

  test('continues a move that did not end after a pause, without a cool-down', () => {
    expect(movesOf({}, [...refused, { type: 'owned', server: 0, at: 7 }, ...check([[1, true]], 7)])).toEqual([first])
    expect(movesOf({}, [...refused, { type: 'owned', server: 0, at: 7 }, ...check([[1, true]], 8)])).toEqual([first, { from: 0, to: 1, isContinued: true, at: 8 }])
  })

  test('does not continue before it is known where the flexible IPs are', () => {
    expect(movesOf({}, [...refused, { type: 'unread', at: 8 }, ...check([[1, true]], 8)])).toEqual([first])
  })

  test.each([
    ['its target is not up', check([[1, false]], 4)],
    ['its source is up again', [4, 5, 6].flatMap((at) => check([[0, true]], at))],
  ])('gives up a move of which nothing has left when %s', (_, checks) => {
    const inputs: WatchInput[] = [...refused, ...checks, { type: 'owned', server: 0, at: 8 }, ...check([[1, true]], 9)]
    expect(movesOf({}, inputs)).toEqual([first])
    expect(stateAfter(inputs)).toMatchObject({ abandoned: [1], state: { owner: 0, target: undefined } })
  })

  test('brings what has left to a server that is up, also back to its source', () => {
    const inputs: WatchInput[] = [...refused, ...check([[1, false], [0, true]], 4), ...check([[1, false], [0, true]], 5), ...check([[0, true]], 6), { type: 'owned', server: undefined, at: 8 }]
    expect(movesOf({}, inputs)).toEqual([first, { from: undefined, to: 0, isContinued: true, at: 8 }])
  })

  test('after a move that was given up with nothing sent, moves to another server at once, and to the same one after the pause', () => {
    const blinked: WatchInput[] = [...refused, ...check([[1, false]], 4), ...check([[1, false], [2, true]], 5), ...check([[2, true]], 5)]
    expect(movesOf({}, [...blinked, { type: 'owned', server: 0, at: 6 }])).toEqual([first, { from: 0, to: 2, isContinued: false, at: 6 }])
    const back: WatchInput[] = [...refused, ...check([[1, false]], 4), { type: 'owned', server: 0, at: 4 }, ...[5, 6, 7, 8].flatMap((at) => check([[1, true]], at))]
    expect(movesOf({}, back)).toEqual([first, { from: 0, to: 1, isContinued: true, at: 8 }])
  })

  /** Server 0 is down, and the first attempt to bring them to server 1 took them away and did not arrive, at 3. */
  const detached: WatchInput[] = [...refused.slice(0, -1), { type: 'moved', isDone: false, hasChanged: true, at: 3 }]

  test('brings what is on no server at once to another server that is up, and not first to the one that has just failed', () => {
    const inputs: WatchInput[] = [...check([[2, true]], 0), ...check([[2, true]], 1), ...detached, { type: 'owned', server: undefined, at: 4 }]
    expect(movesOf({}, inputs)).toEqual([first, { from: undefined, to: 2, isContinued: true, at: 4 }])
    expect(movesOf({}, [...inputs, { type: 'moved', isDone: false, hasChanged: false, at: 5 }, { type: 'owned', server: undefined, at: 6 }, ...check([[1, true]], 14), ...check([[1, true]], 15)])).toMatchObject([{ to: 1 }, { to: 2 }, { to: 2, at: 15 }])
  })

  test('brings what a target refused, and what is on a server that is down again, to another server without a cool-down', () => {
    const inputs = (hasChanged: boolean, isRefused: boolean): WatchInput[] => [...check([[2, true]], 0), ...check([[2, true]], 1), ...refused.slice(0, -1), { type: 'moved', isDone: false, hasChanged, isRefused, at: 3 }, { type: 'owned', server: 0, at: 4 }]
    for (const [hasChanged, isRefused] of [[true, false], [false, true]] as const) expect(movesOf({}, inputs(hasChanged, isRefused))).toEqual([first, { from: 0, to: 2, isContinued: true, at: 4 }])
    expect(movesOf({}, inputs(false, false))).toEqual([first])
  })

  test('says once that what is on no server waits, and goes on when a server is up', () => {
    const inputs: WatchInput[] = [...detached, ...check([[1, false]], 3), ...check([[1, false]], 3), { type: 'owned', server: undefined, at: 4 }, ...check([[1, false]], 5), { type: 'owned', server: undefined, at: 6 }]
    let state = beginWatch(rules, 2)
    const said = inputs.map((input) => {
      const next = decide(state, input)
      state = next.state
      return next.isWaiting === true
    })
    expect(said.filter(Boolean)).toHaveLength(1)
    expect([7, 8].map((at) => (state = decide(state, { type: 'checked', server: 0, isUp: true, at }).state).target)).toEqual([1, 0])
  })

  test('leaves what was put back to a server that is up, and then the cool-down counts', () => {
    const inputs: WatchInput[] = [...detached, ...[4, 5, 6].flatMap((at) => check([[0, true]], at)), { type: 'owned', server: 0, at: 8 }]
    expect(stateAfter(inputs)).toMatchObject({ abandoned: [1], state: { owner: 0, target: undefined, lastMoveAt: 8 } })
    expect(movesOf({}, [...inputs, ...[9, 10, 11].flatMap((at) => check([[0, false]], at))])).toEqual([first])
  })

  test('moves at once what others brought to a server that is down, and undoes by a failback within the cool-down nothing that they did', () => {
    const brought = (isUp: boolean): WatchInput[] => [{ type: 'owned', server: 0, at: 0 }, ...[1, 2, 3].flatMap((at) => check([[0, true], [1, isUp], [2, true]], at)), { type: 'owned', server: 1, at: 4 }, ...[5, 10_004].flatMap((at) => check([[0, true], [1, isUp]], at))]
    expect(movesOf({ failback: true }, brought(false))).toMatchObject([{ from: 1, to: 0, at: 4 }])
    expect(movesOf({ failback: true }, brought(true))).toMatchObject([{ from: 1, to: 0, at: 10_004 }])
  })

  test('leaves what others brought to a server that it does not watch', () => {
    expect(movesOf({}, [...refused, { type: 'owned', server: undefined, isElsewhere: true, at: 8 }, ...check([[1, true]], 9)])).toEqual([first])
  })

  test('a move that is under way sends its first change only while its rule holds, and its others unless its target is down', () => {
    const { state } = stateAfter(refused)
    const move = { from: 0, to: 1 }
    expect([mayGoOn(state, move, false), mayGoOn(state, move, true)]).toEqual([true, true])
    const blinked = stateAfter([...refused, ...check([[1, false]], 4)]).state
    expect([mayGoOn(blinked, move, false), mayGoOn(blinked, move, true)]).toEqual([false, true])
    const dead = stateAfter([...refused, ...check([[1, false]], 4), ...check([[1, false]], 5)]).state
    expect([isDown(dead, 1), mayGoOn(dead, move, true)]).toEqual([true, false])
    const back = stateAfter([...refused, ...[4, 5, 6].flatMap((at) => check([[0, true]], at))]).state
    expect([mayGoOn(back, move, false), mayGoOn(back, move, true)]).toEqual([false, true])
  })
})
