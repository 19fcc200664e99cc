// The rows of the activity log: a row for a request with all its attempts, for a wait with all its polls, for a step.
// Events of one call have one number, so that a retry is shown with the request that it repeats.
import { isAnswer } from '../data/failure.js'
import type { LogEntry, MoveReadEvent, ReadDoneEvent, SentAnewEvent } from '../data/log.js'

export interface Attempt {
  readonly at: number
  readonly exchange: number
  readonly status?: number
  readonly outcome?: string
  readonly durationMs?: number
  readonly requestId?: string
  /** Why it is tried again, and after how long. */
  readonly error?: string
  readonly delayMs?: number
}

interface Base {
  /** The number of its first entry. */
  readonly number: number
  readonly at: number
  readonly call: number
  /** The flexible IPs that it names. */
  readonly fipsIds: readonly string[]
}

export interface RequestRow extends Base {
  readonly kind: 'request'
  readonly operation: string
  readonly method: string
  readonly url: string
  readonly body: string | undefined
  readonly attempts: readonly Attempt[]
  /** How many of the attempts were of earlier calls. */
  readonly earlier?: number
  /** Its answer was lost, and a later reading shows it done. */
  readonly isDone?: boolean
}

export interface WaitRow extends Base {
  readonly kind: 'wait'
  readonly pending: number
  readonly status: string | undefined
  readonly polls: number
  readonly elapsedMs: number
}

export interface StepRow extends Base {
  readonly kind: 'step'
  readonly action: 'attach' | 'detach'
  readonly serverId: string | undefined
  readonly progress: 'begun' | 'done' | 'failed' | 'inDoubt'
  /** Absent if only a reading showed the end. */
  readonly elapsedMs?: number
}

export interface PollRow extends Base {
  readonly kind: 'pollFailed'
  readonly error: string
}

export type LogRow = RequestRow | WaitRow | StepRow | PollRow

const idPattern = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g

/** The flexible IPs that a request names: in its path, and in the fields of its body. */
function namedBy(url: string, body: string | undefined): string[] {
  const inPath = /\/fips\/([\da-f-]{36})/.exec(url)?.[1]
  const named = body === undefined ? [] : [...body.matchAll(/"(?:fips_ids|duplicate_from_fip_id|dst_fip_id)":(\[[^\]]*\]|"[^"]*")/g)].flatMap(([, ids = '']) => ids.match(idPattern) ?? [])
  return [...new Set([...(inPath === undefined ? [] : [inPath]), ...named])]
}

/** What an event adds to the rows. */
function add(rows: LogRow[], number: number, at: number, event: LogEntry['event']): void {
  if (event.type === 'moveRead') return settleSteps(rows, event)
  if (event.type === 'sentAnew') return continueRow(rows, event)
  if (event.type === 'readDone') return noteDone(rows, event)
  const { call } = event
  /** Replaces the latest row of the call that fits. */
  const change = <Row extends LogRow>(fits: (row: LogRow) => row is Row, next: (row: Row) => Row): boolean => {
    for (let index = rows.length - 1; index >= 0; index -= 1) {
      const row = rows[index]
      if (!row || row.call !== call || !fits(row)) continue
      rows[index] = next(row)
      return true
    }
    return false
  }
  switch (event.type) {
    case 'request': {
      const { operation, method, url, body, attempt, exchange } = event
      const isSame = (row: LogRow): row is RequestRow => row.kind === 'request' && row.operation === operation && row.url === url && row.body === body && row.attempts.length < attempt
      if (attempt > 1 && change(isSame, (row) => ({ ...row, attempts: [...row.attempts, { at, exchange }] }))) return
      rows.push({ kind: 'request', number, at, call, fipsIds: namedBy(url, body), operation, method, url, body, attempts: [{ at, exchange }] })
      return
    }
    case 'response': {
      const { exchange, outcome, durationMs, status, requestId } = event
      const isOpen = (row: LogRow): row is RequestRow => row.kind === 'request' && row.attempts.at(-1)?.exchange === exchange
      change(isOpen, (row) => ({ ...row, attempts: last(row.attempts, { outcome, durationMs, ...(status !== undefined && { status }), ...(requestId !== undefined && { requestId }) }) }))
      return
    }
    case 'retry': {
      const { operation, attempts, delayMs, error } = event
      const ended = (row: LogRow): row is RequestRow => row.kind === 'request' && row.operation === operation && row.attempts.length - (row.earlier ?? 0) === attempts && row.attempts.at(-1)?.outcome !== undefined && row.attempts.at(-1)?.delayMs === undefined
      // A move has several requests of one operation. That of a success is the last choice: its answer could not be read.
      const failed = (row: LogRow): row is RequestRow => ended(row) && (row.attempts.at(-1)?.status ?? 500) >= 300
      const next = (row: RequestRow): RequestRow => ({ ...row, attempts: last(row.attempts, { error: error.message, delayMs }) })
      if (!change(failed, next)) change(ended, next)
      return
    }
    case 'wait': {
      const { pending, status, elapsedMs, fipId } = event
      const ids = fipId === undefined ? [] : [fipId]
      const known = (row: LogRow): row is WaitRow => row.kind === 'wait'
      if (change(known, (row) => ({ ...row, fipsIds: [...new Set([...row.fipsIds, ...ids])], pending, status, polls: row.polls + 1, elapsedMs }))) return
      rows.push({ kind: 'wait', number, at, call, fipsIds: ids, pending, status, polls: 1, elapsedMs })
      return
    }
    case 'step': {
      const { action, fipsIds, serverId, progress, elapsedMs } = event
      // A step whose request was to be sent again has ended without it, or another one has taken its place.
      endRetries(rows, (row) => row.call === call && row.fipsIds.join() === fipsIds.join() && !(progress === 'begun' && row.operation.startsWith(action)))
      if (progress === 'done') markDone(rows, isOfStep(call, fipsIds, action))
      // A detach that is done names no server.
      const ofUnit = (row: LogRow): row is StepRow => row.kind === 'step' && row.fipsIds.join() === fipsIds.join() && row.progress === 'begun'
      const same = (row: LogRow): row is StepRow => ofUnit(row) && row.action === action && (serverId === undefined || row.serverId === serverId)
      // A step that begins again is the same one. One that follows another shows that this is done.
      if (change(same, (row) => (progress === 'begun' ? row : { ...row, progress, elapsedMs: elapsedMs - (row.elapsedMs ?? 0) }))) return
      if (progress === 'begun') change(ofUnit, ({ elapsedMs: _, ...row }) => ({ ...row, progress: 'done' }))
      rows.push({ kind: 'step', number, at, call, fipsIds, action, serverId, progress, elapsedMs })
      return
    }
    case 'pollFailed':
      rows.push({ kind: 'pollFailed', number, at, call, fipsIds: [], error: event.error.message })
  }
}

/** What a reading after a move shows of its steps that have no end. */
function settleSteps(rows: LogRow[], { calls, units }: MoveReadEvent): void {
  endRetries(rows, (row) => calls.includes(row.call))
  for (const [index, row] of rows.entries()) {
    if (row.kind !== 'step' || !calls.includes(row.call) || !(row.progress === 'begun' || row.progress === 'inDoubt')) continue
    const unit = units.find(({ fipsIds }) => row.fipsIds.every((id) => fipsIds.includes(id)))
    if (!unit) continue
    const isDone = (unit.serverId === row.serverId) === (row.action === 'attach')
    const { elapsedMs: _, ...rest } = row
    rows[index] = { ...rest, progress: !unit.isKnown ? 'inDoubt' : isDone ? 'done' : 'failed' }
    if (unit.isKnown && isDone) markDone(rows, isOfStep(row.call, row.fipsIds, row.action))
  }
}

const isOfStep = (call: number, fipsIds: readonly string[], action: StepRow['action']) => (row: RequestRow): boolean => row.call === call && row.operation.startsWith(action) && row.fipsIds.join() === fipsIds.join()

/** Notes the last request that fits as done, if its answer was lost. */
function markDone(rows: LogRow[], fits: (row: RequestRow) => boolean): void {
  const row = rows.filter((each): each is RequestRow => each.kind === 'request' && each.method !== 'GET' && fits(each)).at(-1)
  if (row && stateOf(row) === 'inDoubt') rows[rows.indexOf(row)] = { ...row, isDone: true }
}

function noteDone(rows: LogRow[], { fipsIds }: ReadDoneEvent): void {
  for (const id of fipsIds) markDone(rows, (row) => row.fipsIds.includes(id))
}

/** A change that another call sends anew goes on in the row that it has. One that is not sent again ends there. */
function continueRow(rows: LogRow[], { of, call, isDone = false }: SentAnewEvent): void {
  const ofChange = (wanted: number | undefined) => rows.findIndex((row) => row.kind === 'request' && row.call === wanted && row.method !== 'GET')
  const at = ofChange(of)
  const next = ofChange(call)
  const row = rows[at]
  const again = rows[next]
  if (row?.kind !== 'request') return
  if (again?.kind === 'request' && again.operation === row.operation && again.url === row.url && again.body === row.body) {
    rows[at] = { ...row, call: again.call, attempts: [...row.attempts, ...again.attempts], earlier: row.attempts.length }
    rows.splice(next, 1)
  } else {
    endRetries(rows, (other) => other === row)
    if (isDone) markDone(rows, (other) => other.call === of)
  }
}

/** Requests that were to be sent again are not. */
function endRetries(rows: LogRow[], fits: (row: RequestRow) => boolean): void {
  for (const [index, row] of rows.entries()) {
    if (row.kind !== 'request' || row.attempts.at(-1)?.delayMs === undefined || !fits(row)) continue
    rows[index] = { ...row, attempts: row.attempts.map(({ delayMs, ...attempt }, place) => (delayMs === undefined || place === row.attempts.length - 1 ? attempt : { ...attempt, delayMs })) }
  }
}

function last(attempts: readonly Attempt[], more: Partial<Attempt>): Attempt[] {
  return attempts.map((attempt, index) => (index === attempts.length - 1 ? { ...attempt, ...more } : attempt))
}

/** The rows of the entries, the oldest first. */
export function rowsOf(entries: readonly LogEntry[]): LogRow[] {
  const rows: LogRow[] = []
  for (const { number, at, event } of entries) add(rows, number, at, event)
  return rows
}

/** Whether a row is about a change, or about the wait for one. */
export function isChange(row: LogRow): boolean {
  return row.kind !== 'request' || row.method !== 'GET'
}

export type RowState = 'running' | 'done' | 'retried' | 'refused' | 'inDoubt' | 'lost'

/** How a row ended. A change without an answer of the service is in doubt; a reading without one is lost. */
export function stateOf(row: LogRow): RowState {
  if (row.kind === 'pollFailed') return 'lost'
  if (row.kind === 'wait') return 'retried'
  if (row.kind === 'step') return ({ begun: 'running', done: 'done', failed: 'refused', inDoubt: 'inDoubt' } as const)[row.progress]
  const end = row.attempts.at(-1)
  if (row.isDone) return 'done'
  if (end?.outcome === undefined || end.delayMs !== undefined) return 'running'
  if (end.outcome === 'answered' && (row.method === 'GET' || isAnswer(end))) return end.status !== undefined && end.status < 300 ? (row.attempts.length > 1 ? 'retried' : 'done') : 'refused'
  return row.method === 'GET' || end.outcome === 'aborted' ? 'lost' : 'inDoubt'
}

/** The columns of a file of the log. */
export const logColumns = ['at', 'what', 'operation', 'method', 'url', 'result', 'attempts', 'durationMs', 'requestId', 'ips', 'body', 'tries'] as const

/** Each try of a request, for a file: none is left out because a later one followed it. */
export function triesOf(row: LogRow) {
  if (row.kind !== 'request') return []
  return row.attempts.map(({ at, status, outcome, durationMs, requestId, error }) => ({
    at: new Date(at).toISOString(),
    outcome,
    status,
    requestId,
    message: error,
    durationMs: durationMs === undefined ? undefined : Math.round(durationMs),
  }))
}
