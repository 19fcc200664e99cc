// The decision of `flexip watch` against a model that remembers everything, over random histories of outages.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type WatchInput, type WatchMove, type WatchRules, beginWatch, decide } from '../../js/cli/watch/decision.js'

/** A history: rules, which servers are up in which tick, how moves end, what others do. */
interface History {
  rules: WatchRules
  servers: number
  owner: number
  /** For each tick and server: whether its check succeeds. */
  checks: boolean[][]
  /** For each move: after how many ticks it ends, and whether it is done. */
  moves: { ticks: number; isDone: boolean }[]
  /** The ticks in which others move the flexible IPs, and to where. */
  foreign: Map<number, number>
}

const tickMs = 1000

const rulesArbitrary = fc.record({ fall: fc.integer({ min: 1, max: 4 }), more: fc.integer({ min: 0, max: 3 }), rise: fc.integer({ min: 1, max: 4 }), coolDownMs: fc.integer({ min: 0, max: 20 }).map((ticks) => ticks * tickMs), failback: fc.boolean() }).map(({ more, ...rules }) => ({ ...rules, of: rules.fall + more }))

const historyArbitrary: fc.Arbitrary<History> = fc.integer({ min: 2, max: 4 }).chain((servers) =>
  fc.record({
    rules: rulesArbitrary,
    servers: fc.constant(servers),
    owner: fc.integer({ min: 0, max: servers - 1 }),
    // Outages have a length: a server stays up or down for some ticks.
    checks: fc.array(fc.tuple(fc.array(fc.boolean(), { minLength: servers, maxLength: servers }), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 12 }).map((spells) => spells.flatMap(([ups, ticks]) => Array.from({ length: ticks }, () => ups))),
    moves: fc.array(fc.record({ ticks: fc.integer({ min: 0, max: 4 }), isDone: fc.boolean() }), { maxLength: 8 }),
    foreign: fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: servers - 1 })), { maxLength: 3 }).map((entries) => new Map(entries)),
  }),
)

interface Ordered extends WatchMove {
  at: number
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
  let pending: { to: number; endsAt: number; isDone: boolean } | undefined
  let unfinished: number | undefined
  const left = [...moves]
  const feed = (input: WatchInput) => {
    const { state: next, move } = decide(state, input)
    state = next
    if (!move) return
    ordered.push({ ...move, at: input.at, seen: seen.map((results) => [...results]) })
    if (!move.isContinued) lastMoveAt = input.at
    const { ticks, isDone } = left.shift() ?? { ticks: 1, isDone: true }
    pending = { to: move.to, endsAt: input.at + ticks * tickMs, isDone }
  }
  feed({ type: 'owned', server: owner, at: 0 })
  for (const [tick, ups] of checks.entries()) {
    const at = tick * tickMs
    if (pending && at >= pending.endsAt) {
      const { to, isDone } = pending
      pending = undefined
      unfinished = isDone ? undefined : to
      if (isDone) owner = to
      feed({ type: 'moved', isDone, at })
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
    if (!pending) quiet.push({ at, owner, seen: seen.map((results) => [...results]), isMoving: false, isUnfinished: unfinished !== undefined, lastMoveAt })
  }
  return { ordered, quiet }
}

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
        // A continued move goes to the same server as the one before.
        for (const [index, { isContinued, to }] of ordered.entries()) if (isContinued) expect(to).toBe(ordered[index - 1]?.to)
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
  const rules: WatchRules = { fall: 2, of: 3, rise: 2, coolDownMs: 10_000, failback: false }
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

  test('continues a move that did not end, without a cool-down', () => {
    const inputs: WatchInput[] = [{ type: 'owned', server: 0, at: 0 }, ...[1, 2].flatMap((at) => check([[1, true], [0, false]], at)), { type: 'moved', isDone: false, at: 3 }]
    expect(movesOf({}, inputs)).toMatchObject([{ to: 1, isContinued: false, at: 2 }, { to: 1, isContinued: true, at: 3 }])
  })
})
