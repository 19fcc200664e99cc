// The decision of `flexip watch` against a model that remembers everything, over random histories of outages.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type WatchInput, type WatchMove, type WatchRules, type WatchState, beginWatch, decide, isDown, mayGoOn } from '../../js/cli/watch/decision.js'

/** A history: rules, which servers are up in which tick, how moves end, what others do. */
interface History {
  rules: WatchRules
  servers: number
  owner: number
  /** For each tick and server: whether its check succeeds. */
  checks: boolean[][]
  /** For each attempt: after how many ticks it ends, whether it is done, if not where they are, and for how many ticks that is unread. */
  moves: { ticks: number; isDone: boolean; isBetween: boolean; unread: number }[]
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
    moves: fc.array(fc.record({ ticks: fc.integer({ min: 0, max: 4 }), isDone: fc.boolean(), isBetween: fc.boolean(), unread: fc.integer({ min: 0, max: 2 }) }), { maxLength: 8 }),
    foreign: fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: servers - 1 })), { maxLength: 3 }).map((entries) => new Map(entries)),
  }),
)

interface Ordered extends WatchMove {
  at: number
  /** When the attempt before ended without an arrival, and how many consecutive ones did. */
  failedAt: number | undefined
  failures: number
  /** What was last read of an unfinished move. */
  place: 'unread' | 'source' | 'between' | undefined
  owner: number
  /** All checks of each server until then. */
  seen: boolean[][]
}

/** Plays a history, and returns the moves that were ordered, and the ticks in which none was, with what was known. */
function play({ rules, servers, owner: first, checks, moves, foreign }: History) {
  let state = beginWatch(rules, servers)
  const seen: boolean[][] = Array.from({ length: servers }, () => [])
  const ordered: Ordered[] = []
  const quiet: { at: number; owner: number; seen: boolean[][]; isMoving: boolean; isUnfinished: boolean; lastMoveAt: number | undefined }[] = []
  let owner = first
  let lastMoveAt: number | undefined
  let pending: { to: number; endsAt: number; isDone: boolean; isBetween: boolean; unread: number } | undefined
  let unfinished: { to: number; isBetween: boolean; readAt: number } | undefined
  let failedAt: number | undefined
  let failures = 0
  let place: Ordered['place']
  const left = [...moves]
  const feed = (input: WatchInput) => {
    const { state: next, move, abandoned } = decide(state, input)
    state = next
    if (abandoned !== undefined) {
      unfinished = undefined
      place = undefined
    }
    if (!move) return
    ordered.push({ ...move, at: input.at, seen: seen.map((results) => [...results]), failedAt, failures, place, owner })
    if (!move.isContinued) lastMoveAt = input.at
    const { ticks, ...end } = left.shift() ?? { ticks: 1, isDone: true, isBetween: false, unread: 0 }
    pending = { to: move.to, endsAt: input.at + ticks * tickMs, ...end }
    unfinished = undefined
  }
  feed({ type: 'owned', server: owner, at: 0 })
  for (const [tick, ups] of checks.entries()) {
    const at = tick * tickMs
    if (pending && at >= pending.endsAt) {
      const { to, isDone, unread } = pending
      // What left its source before does not go back by itself.
      const isBetween = pending.isBetween || place === 'between'
      pending = undefined
      unfinished = isDone ? undefined : { to, isBetween, readAt: at + unread * tickMs }
      place = isDone ? undefined : 'unread'
      failedAt = isDone ? undefined : at
      failures = isDone ? 0 : failures + 1
      if (isDone) owner = to
      feed({ type: 'moved', isDone, at })
    }
    if (unfinished && !pending) {
      const isRead = at >= unfinished.readAt
      if (isRead) place = unfinished.isBetween ? 'between' : 'source'
      feed(isRead ? { type: 'owned', server: unfinished.isBetween ? undefined : owner, at } : { type: 'unread', at })
    }
    const moved = foreign.get(tick)
    if (moved !== undefined && !pending && unfinished === undefined && moved !== owner) {
      owner = moved
      lastMoveAt = at
      feed({ type: 'owned', server: owner, at })
    }
    for (const [server, isUp] of ups.entries()) {
      seen[server]?.push(isUp)
      feed({ type: 'checked', server, isUp, at })
    }
    if (!pending) quiet.push({ at, owner, seen: seen.map((results) => [...results]), isMoving: false, isUnfinished: unfinished !== undefined || (failedAt !== undefined && at < failedAt + pauseOf(rules, failures)), lastMoveAt })
  }
  return { ordered, quiet }
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

  test('moves at most once within the cool-down, also after others moved them', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { ordered } = play(history)
        const begun = ordered.filter(({ isContinued }) => !isContinued).map(({ at }) => at)
        for (const [index, at] of begun.entries()) if (index > 0) expect(at - (begun[index - 1] ?? 0)).toBeGreaterThanOrEqual(history.rules.coolDownMs)
        // A continued move goes to the same server as the one before, unless that is no longer up and they are on their way.
        for (const [index, { isContinued, to, place, seen }] of ordered.entries()) {
          const last = ordered[index - 1]?.to
          if (isContinued && to !== last) expect([place, well(seen[last ?? -1] ?? [], history.rules)]).toEqual(['between', false])
        }
      }),
      runs,
    )
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

  test('makes no attempt without a pause after one that did not arrive, and the pause doubles', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        for (const { at, failedAt, failures } of play(history).ordered) if (failedAt !== undefined) expect(at - failedAt).toBeGreaterThanOrEqual(pauseOf(history.rules, failures))
      }),
      runs,
    )
  })

  test('moves as soon as it may: after no tick a move is due that was not ordered', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { rules } = history
        for (const { at, owner, seen, isUnfinished, lastMoveAt } of play(history).quiet) {
          if (isUnfinished || (lastMoveAt !== undefined && at < lastMoveAt + rules.coolDownMs)) continue
          const isDue = failed(seen[owner] ?? [], rules) && seen.some((results, server) => server !== owner && well(results, rules))
          expect(isDue).toBe(false)
        }
      }),
      runs,
    )
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

describe('flexip watch', () => {
  const rules: WatchRules = { fall: 2, of: 3, rise: 2, coolDownMs: 10_000, pauseMs: 5, failback: false }
  const check = (ups: [number, boolean][], at: number): WatchInput[] => ups.map(([server, isUp]) => ({ type: 'checked', server, isUp, at }))
  const movesOf = (own: Partial<WatchRules>, inputs: WatchInput[]) => {
    let state = beginWatch({ ...rules, ...own }, 2)
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

  test('goes back only with failback, and only after the cool-down', () => {
    const inputs: WatchInput[] = [{ type: 'owned', server: 0, at: 0 }, ...[1, 2].flatMap((at) => check([[1, true], [0, false]], at)), { type: 'moved', isDone: true, at: 3 }, ...[4, 5, 6, 7, 20_000].flatMap((at) => check([[1, true], [0, true]], at))]
    expect(movesOf({}, inputs)).toHaveLength(1)
    expect(movesOf({ failback: true }, inputs)).toMatchObject([{ to: 1 }, { from: 1, to: 0, at: 20_000 }])
  })

  /** Server 0 is down, and the first attempt to bring them to server 1 did not arrive, at 3. */
  const refused: WatchInput[] = [{ type: 'owned', server: 0, at: 0 }, ...[1, 2].flatMap((at) => check([[1, true], [0, false]], at)), { type: 'moved', isDone: false, at: 3 }]
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
    const inputs: WatchInput[] = [...refused, ...checks, { type: 'owned', server: 0, at: 8 }, ...check([[1, true]], 9), ...check([[1, true]], 10)]
    expect(movesOf({}, inputs)).toEqual([first])
    expect(stateAfter(inputs)).toMatchObject({ abandoned: [1], state: { owner: 0, target: undefined } })
  })

  test('brings what has left to a server that is up, also back to its source', () => {
    const inputs: WatchInput[] = [...refused, ...check([[1, false], [0, true]], 4), ...check([[1, false], [0, true]], 5), ...check([[0, true]], 6), { type: 'owned', server: undefined, at: 8 }]
    expect(movesOf({}, inputs)).toEqual([first, { from: undefined, to: 0, isContinued: true, at: 8 }])
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
