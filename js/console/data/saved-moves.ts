// Moves that outlive their page: each that is under way or incomplete is in the storage of the browser, without a
// secret. A lock says that a page still has it. When that page is reloaded or gone, another page takes it over.
import type { MovePlan, MoveRun, UnitRun } from './move-units.js'
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

/** Ends the lock of a move. */
const releases = new Map<string, () => void>()
const written = new Map<string, MoveRun>()

function hold(key: string): Promise<void> {
  return new Promise((resolve) => releases.set(key, resolve))
}

/** Where sites may keep nothing, they may not lock either. Then a reload ends what the page knows of its moves. */
function lock(name: string, held: () => Promise<void> | undefined): void {
  void navigator.locks.request(name, held).catch(() => undefined)
}

/** Writes the moves that changed, and removes those that arrived or were closed. */
export function saveMoves(scope: string, runs: readonly MoveRun[], isMoving: (run: MoveRun) => boolean): void {
  // Without locks, a page cannot know whether another still has a move.
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return
  const open = runs.filter(({ state }) => state !== 'done')
  for (const run of open) {
    const { key } = run.plan
    if (written.get(key) === run) continue
    if (!releases.has(key)) {
      const held = hold(key)
      lock(prefix(scope) + key, () => held)
    }
    written.set(key, run)
    const saved: SavedMove = { plan: run.plan, units: run.units.map(withoutError), startedAt: run.startedAt, savedAt: Date.now(), wasMoving: isMoving(run) }
    store(prefix(scope) + key, JSON.stringify(saved))
  }
  for (const key of [...written.keys()]) {
    if (open.some(({ plan }) => plan.key === key)) continue
    written.delete(key)
    forget(prefix(scope) + key)
    releases.get(key)?.()
    releases.delete(key)
  }
}

/** An error as text: its class does not outlive the page. */
function withoutError({ error, ...run }: UnitRun): UnitRun {
  return error === undefined ? run : { ...run, error: error instanceof Error ? error.message : String(error) }
}

/** Takes over the moves of pages that are gone, now and when such a page goes. Resolves when those of now are there. */
export async function takeOver(scope: string, take: (saved: SavedMove) => void): Promise<void> {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return
  const names = storedNames().filter((name) => name.startsWith(prefix(scope)))
  const taken = names.map(
    (name) =>
      new Promise<void>((resolve) => {
        lock(name, () => {
          resolve()
          const key = name.slice(prefix(scope).length)
          const saved = read(name)
          if (!saved || releases.has(key)) return undefined
          const held = hold(key)
          take(saved)
          return held
        })
      }),
  )
  await Promise.race([Promise.all(taken), new Promise((resolve) => setTimeout(resolve, waitMs))])
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
