// Moves that were begun. They go on when their dialog is closed, and the dialog shows them again when it is opened.
import { type ClientEvent, type FlexibleIP, type FlexibleIpClient, IncompleteError } from 'flexip/slim'
import { useSyncExternalStore } from 'react'

export type StepState = 'wait' | 'begun' | 'done' | 'failed'

export interface Step {
  readonly action: 'detach' | 'attach'
  readonly state: StepState
  readonly begunAt?: number
  readonly ms?: number
}

/** A unit on its way. */
export interface Moving {
  readonly ips: readonly FlexibleIP[]
  /** The server that it leaves. */
  readonly from: string | undefined
  readonly steps: readonly Step[]
  /** Why it did not arrive. */
  readonly error?: string
  /** The target refused it, and it was attached back. */
  readonly returned?: boolean
}

export interface Run {
  readonly key: string
  readonly zone: string
  /** The server, or `undefined` for no server. */
  readonly to: string | undefined
  readonly startedAt: number
  readonly units: readonly Moving[]
  readonly state: 'running' | 'done' | 'stopped'
  /** What failed as a whole. */
  readonly error?: string
  readonly wasStopped: boolean
}

interface Order {
  readonly client: FlexibleIpClient
  readonly zone: string
  readonly to: string | undefined
  readonly units: readonly { readonly ips: readonly FlexibleIP[] }[]
}

const runs = new Map<string, { run: Run; controller: AbortController }>()
const subscribers = new Set<() => void>()

/** The key of a move: the same flexible IPs to the same server. */
export function keyOfMove(ids: readonly string[], to: string): string {
  return [to, ...[...ids].sort()].join(' ')
}

/** The move of a key, if it was begun. */
export function useRun(key: string): Run | undefined {
  return useSyncExternalStore(subscribe, () => runs.get(key)?.run)
}

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber)
  return () => subscribers.delete(subscriber)
}

/** Ends a move before its next step. What was sent stays sent. */
export function stopMove(key: string): void {
  runs.get(key)?.controller.abort()
}

/** Has the dialog of a key begin with a plan again. */
export function forgetMove(key: string): void {
  runs.delete(key)
  for (const subscriber of subscribers) subscriber()
}

/** Begins a move. Its result is in the run. */
export async function startMove(key: string, { client, zone, to, units }: Order): Promise<void> {
  const controller = new AbortController()
  const change = (next: (run: Run) => Run) => {
    const entry = runs.get(key)
    if (entry?.controller !== controller) return
    entry.run = next(entry.run)
    for (const subscriber of subscribers) subscriber()
  }
  const first: Run = { key, zone, to, startedAt: Date.now(), units: units.map((unit) => movingOf(unit.ips, to)), state: 'running', wasStopped: false }
  runs.set(key, { run: first, controller })
  change((run) => run)
  const { signal } = controller
  const onEvent = (event: ClientEvent) => {
    if (event.type !== 'step') return
    // An attach to another server brings back what the target refused.
    const { action, progress, fipsIds, serverId } = event
    if (action === 'attach' && serverId !== to) return
    change((run) => ({ ...run, units: run.units.map((unit) => (unit.ips.some(({ id }) => fipsIds.includes(id)) ? stepped(unit, action, progress) : unit)) }))
  }
  try {
    if (to === undefined) await detachAll(client, zone, first.units, signal, onEvent)
    else await client.ensureAttached({ zone, fipsIds: first.units.flatMap(({ ips }) => ips.map(({ id }) => id)), serverId: to }, { signal, onEvent })
    change((run) => ({ ...run, state: 'done' }))
  } catch (error) {
    change((run) => ended(run, error, signal.aborted))
  }
}

function movingOf(ips: readonly FlexibleIP[], to: string | undefined): Moving {
  const from = ips[0]?.serverId
  const steps: Step[] = []
  if (from !== undefined && from !== to) steps.push({ action: 'detach', state: 'wait' })
  if (to !== undefined && from !== to) steps.push({ action: 'attach', state: 'wait' })
  return { ips, from, steps }
}

function stepped(unit: Moving, action: Step['action'], state: 'begun' | 'done' | 'failed'): Moving {
  const now = Date.now()
  const steps = unit.steps.map((step): Step => {
    if (step.action !== action) return step
    if (state === 'begun') return { action, state, begunAt: now }
    return { ...step, state, ...(step.begunAt !== undefined && { ms: now - step.begunAt }) }
  })
  return { ...unit, steps }
}

function ended(run: Run, error: unknown, wasStopped: boolean): Run {
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof IncompleteError)) return { ...run, state: 'stopped', wasStopped, error: message }
  const units = run.units.map((unit): Moving => {
    const moves = error.moves.filter(({ fipId }) => unit.ips.some(({ id }) => id === fipId))
    const late = moves.find((move) => !move.arrived)
    if (!late) return unit
    return { ...unit, returned: late.returned, ...(late.error && { error: late.error.message }) }
  })
  return { ...run, units, state: 'stopped', wasStopped, ...(units.every((unit) => unit.error === undefined) && { error: message }) }
}

/** Detaches every unit, all at the same time. One that fails does not stop the others. */
async function detachAll(client: FlexibleIpClient, zone: string, units: readonly Moving[], signal: AbortSignal, onEvent: (event: ClientEvent) => void): Promise<void> {
  const begun = performance.now()
  const results = await Promise.allSettled(
    units.map(async ({ ips, from }) => {
      const fipsIds = ips.map(({ id }) => id)
      const emit = (progress: 'begun' | 'done' | 'failed') => onEvent({ type: 'step', call: 0, action: 'detach', fipsIds, ...(from !== undefined && { serverId: from }), progress, elapsedMs: performance.now() - begun })
      emit('begun')
      try {
        await client.detachFlexibleIP({ zone, fipsIds }, { signal })
        await client.waitForFlexibleIPs({ zone, fipsIds }, { signal })
        emit('done')
      } catch (error) {
        emit('failed')
        throw error
      }
    }),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
