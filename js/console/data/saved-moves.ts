// Moves that outlive their page: each that is under way or incomplete is in the storage of the browser, without a
// secret. A lock says that a page still has it. When that page is reloaded or gone, another page takes it over.
import type { MovePlan, MoveRun, UnitRun } from './move-units.js'
import { hasLocks } from './locks.js'
import { observable } from './observable.js'
import { forget, readStored, store, storedNames } from './storage.js'

const prefix = (scope: string): string => `flexip-move-${scope}-`
/** So long the start of a page waits for moves that no other page has. */
const waitMs = 300

/** A move as its page left it. */
export interface SavedMove {
  readonly plan: MovePlan
  readonly units: readonly UnitRun[]
  readonly startedAt: number
  readonly savedAt: number
  /** It was under way. */
  readonly wasMoving: boolean
}

/** A move of another tab. */
export interface MoveElsewhere extends SavedMove {
  /** Since when it has arrived there, or its report is closed. */
  readonly overAt?: number
}

/** The moves of other tabs, as those last wrote them. */
export const movesElsewhere = observable<ReadonlyMap<string, MoveElsewhere>>(new Map())

/** The moves of this page that a reload would end: it has no lock for them, or the browser has stored nothing. */
export const unkeptMoves = observable<ReadonlySet<string>>(new Set())

/** Ends the lock of a move. */
const releases = new Map<string, () => void>()
const written = new Map<string, MoveRun>()

function hold(key: string): Promise<void> {
  return new Promise((resolve) => releases.set(key, resolve))
}

/** Where sites may keep nothing, they may not lock either. Then a reload ends what the page knows of its moves. */
async function lock(name: string, held: () => Promise<void> | undefined, failed: () => void = () => undefined): Promise<void> {
  try {
    await navigator.locks.request(name, held)
  } catch {
    failed()
  }
}

function noteStored(key: string, isStored: boolean): void {
  if (unkeptMoves.get().has(key) !== isStored) return
  const next = new Set(unkeptMoves.get())
  if (isStored) next.delete(key)
  else next.add(key)
  unkeptMoves.set(next)
}

/** Whether a move of this size can outlive its page. */
export function canOutlive(units: readonly unknown[]): boolean {
  // Without locks, a page cannot know whether another still has a move.
  if (!hasLocks()) return false
  const name = 'flexip-room'
  // The plan has each unit, and so has its progress.
  const isStored = store(name, JSON.stringify([units, units]))
  forget(name)
  return isStored
}

/** Writes the moves that changed, and removes those that arrived or were closed. */
export function saveMoves(scope: string, runs: readonly MoveRun[], isMoving: (run: MoveRun) => boolean): void {
  const open = runs.filter(({ state }) => state !== 'done')
  if (!hasLocks()) {
    unkeptMoves.set(new Set(open.map(({ plan }) => plan.key)))
    return
  }
  for (const run of open) {
    const { key } = run.plan
    if (written.get(key) === run) continue
    if (!releases.has(key)) {
      const held = hold(key)
      void lock(prefix(scope) + key, () => held, () => noteStored(key, false))
    }
    written.set(key, run)
    const saved: SavedMove = { plan: run.plan, units: run.units.map(withoutError), startedAt: run.startedAt, savedAt: Date.now(), wasMoving: isMoving(run) }
    noteStored(key, store(prefix(scope) + key, JSON.stringify(saved)))
  }
  for (const key of [...written.keys()]) {
    if (open.some(({ plan }) => plan.key === key)) continue
    written.delete(key)
    forget(prefix(scope) + key)
    noteStored(key, true)
    releases.get(key)?.()
    releases.delete(key)
  }
}

/** An error as text: its class does not outlive the page. */
function withoutError({ error, ...run }: UnitRun): UnitRun {
  return error === undefined ? run : { ...run, error: error instanceof Error ? error.message : String(error) }
}

/** Waits for the page that has a move to go, to take the move over. */
let claim: (key: string) => Promise<void> = () => Promise.resolve()

/** The moves of other tabs that this page shows, and how it says to the other tabs that it shows them no longer. */
const shown = new Map<string, () => void>()
/** Held by each page that shows a move of another tab. */
const shownName = (name: string): string => `${name}-shown`

let show: (key: string) => void = () => undefined

/** Shows a move of another tab: when that tab is gone, this page takes the move over before pages that do not show it. Returns what ends it. */
export function showElsewhere(key: string): () => void {
  show(key)
  void claim(key)
  return () => {
    shown.get(key)?.()
    shown.delete(key)
  }
}

/** Whether a page that shows a move waits for it. */
async function isAwaited(name: string): Promise<boolean> {
  const { held = [], pending = [] } = await navigator.locks.query()
  const pages = new Set(held.filter((each) => each.name === shownName(name)).map(({ clientId }) => clientId))
  return pending.some((each) => each.name === name && pages.has(each.clientId))
}

function setElsewhere(key: string, move: MoveElsewhere | undefined): void {
  const next = new Map(movesElsewhere.get())
  if (move) next.set(key, move)
  else next.delete(key)
  movesElsewhere.set(next)
}

/** Forgets a move of another tab that is over. */
export function dismissElsewhere(key: string): void {
  if (movesElsewhere.get().get(key)?.overAt !== undefined) setElsewhere(key, undefined)
}

/**
 * Takes over the moves of pages that are gone, now and when such a page goes, and follows those that other pages have.
 * Resolves when those of now are there.
 */
export async function takeOver(scope: string, take: (saved: SavedMove) => void): Promise<void> {
  if (!hasLocks()) return
  const claims = new Map<string, Promise<void>>()
  const follow = (key: string): void => {
    const saved = releases.has(key) ? undefined : read(prefix(scope) + key)
    const before = movesElsewhere.get().get(key)
    if (saved) setElsewhere(key, saved)
    else if (before) setElsewhere(key, releases.has(key) ? undefined : { ...before, overAt: before.overAt ?? Date.now() })
  }
  show = (key) => {
    const end = new Promise<void>((resolve) => shown.set(key, resolve))
    void navigator.locks.request(shownName(prefix(scope) + key), { mode: 'shared' }, () => end).catch(() => undefined)
  }
  claim = (key) => {
    const name = prefix(scope) + key
    const claimed =
      claims.get(key) ??
      new Promise<void>((resolve) => {
        void lock(name, async () => {
          // The page that shows it has it first. This one waits again behind it.
          const isBehind = (await isAwaited(name).catch(() => false)) && !shown.has(key)
          claims.delete(key)
          resolve()
          if (isBehind) return void claim(key)
          const saved = read(name)
          if (!saved || releases.has(key)) return undefined
          const held = hold(key)
          setElsewhere(key, undefined)
          take(saved)
          return held
        })
      })
    claims.set(key, claimed)
    return claimed
  }
  const keys = storedNames().flatMap((name) => (name.startsWith(prefix(scope)) ? [name.slice(prefix(scope).length)] : []))
  addEventListener('storage', ({ key: name }) => {
    if (name?.startsWith(prefix(scope))) follow(name.slice(prefix(scope).length))
  })
  await Promise.race([Promise.all(keys.map(claim)), new Promise((resolve) => setTimeout(resolve, waitMs))])
  for (const key of keys) follow(key)
}

function read(name: string): SavedMove | undefined {
  try {
    const saved = JSON.parse(readStored(name) ?? 'null') as SavedMove | null
    return saved && typeof saved.plan.key === 'string' && Array.isArray(saved.units) ? saved : undefined
  } catch {
    // What another program wrote there is left out.
    return undefined
  }
}
