// What this page knows of flexible IPs beyond their status: a change of it that waits, is under way or is in doubt.
// The work itself says so here, because the table must not load the work.
import type { FetchInit, FetchedResponse, FlexibleIP } from 'flexip/slim'
import { useSyncExternalStore } from 'react'
import { isAnswer } from './failure.js'
import { observable, useObservable } from './observable.js'
import { startedOver } from './started-over.js'

export interface RowMark {
  readonly state: 'attaching' | 'detaching' | 'waits' | 'inDoubt'
  /** The change that waits, such as `tag`. */
  readonly what?: string
  /** When the step that is under way began. */
  readonly since?: number
  /** The server of an attach. */
  readonly toId?: string
}

export type RowMarks = ReadonlyMap<string, RowMark>

/** A request whose answer was lost may take effect so long after it was sent: the longest that attaches are known to take. */
export const settlingMs = 60_000

const sources = new Map<string, RowMarks>()
/** `at` is when the answer was lost. */
const doubts = new Map<string, { readonly mark: RowMark; readonly at: number; readonly timer: ReturnType<typeof setTimeout> }>()
/** What each row says: that it is in doubt, else the mark of the work that is under way. */
const marks = new Map<string, RowMark>()
/** Counts the changes of the marks. */
let version = 0
const subscribers = new Set<() => void>()
const steps = observable<ReadonlySet<string>>(new Set())

/** The latest change that was sent of a flexible IP. */
interface Sent {
  readonly at: number
  readonly path: string
  /** The server of an attach. */
  readonly toId: string | undefined
  /** The server that had it, as the last list shows. */
  readonly fromId: string | undefined
  /** The fields of an update. */
  readonly wanted: Wanted | undefined
  /** The MAC address that it had before, as the last list shows; `undefined` if no list had it. */
  readonly macBefore: string | undefined
  /** The service refused it, and no try of it is in doubt. */
  readonly isRefused?: boolean
}

export type Wanted = Partial<Record<'description' | 'reverse', string | null> & { readonly tags: readonly string[] | null }>

/** The server and the MAC address of each flexible IP, as the last list of its zone shows. No MAC address is an empty text. */
const listed = new Map<string, { readonly serverId: string | undefined; readonly mac: string }>()

const sent = new Map<string, Sent>()

/** The flexible IPs whose last change the service turned away (429): it waits until it is sent again. */
export const turnedAway = observable<ReadonlySet<string>>(new Set())

export function noteTurnedAway(ids: readonly string[], isTurnedAway: boolean): void {
  if (ids.every((id) => turnedAway.get().has(id) === isTurnedAway)) return
  const next = new Set(turnedAway.get())
  for (const id of ids) {
    if (isTurnedAway) next.add(id)
    else next.delete(id)
  }
  turnedAway.set(next)
}

type Fetch = (url: string, init: FetchInit) => Promise<FetchedResponse>

/** Notes what becomes of each change: it is in doubt from a lost answer on, also while the client sends it again. */
export function withDoubts(fetch: Fetch): Fetch {
  return async (url, init) => {
    if (init.method === 'GET') return fetch(url, init)
    const body = init.body ?? ''
    const path = pathOf(url)
    const toId = path === '/fips/attach' ? /"server_id":"([\da-f-]{36})"/.exec(body)?.[1] : undefined
    const ids = changedBy(path, body)
    const wanted = init.method === 'PATCH' ? (JSON.parse(body) as Wanted) : undefined
    for (const id of ids) sent.set(id, { at: Date.now(), path, toId, fromId: listed.get(id)?.serverId, wanted, macBefore: doubts.has(id) && sent.get(id)?.path === path ? sent.get(id)?.macBefore : listed.get(id)?.mac })
    noteTurnedAway(ids, false)
    try {
      const response = await fetch(url, init)
      noteTurnedAway(ids, response.status === 429)
      if (!isAnswer({ outcome: 'answered', status: response.status })) noteDoubt(ids)
      // What the service accepts now, it has done, whatever became of the requests before. A refusal says nothing of them.
      else if (response.status < 300) settle(ids)
      else for (const id of ids) noteRefusal(id)
      return response
    } catch (error) {
      noteDoubt(ids)
      throw error
    }
  }
}

function noteRefusal(id: string): void {
  const latest = sent.get(id)
  if (latest && !doubts.has(id)) sent.set(id, { ...latest, isRefused: true })
}

/** Whether the latest change of a flexible IP was a detach that the service refused. */
export function isDetachRefused(id: string): boolean {
  const { path, isRefused = false } = sent.get(id) ?? {}
  return path === '/fips/detach' && isRefused
}

/** The flexible IPs that a request changes: in its path, and in the fields of its body. */
function changedBy(path: string, body: string): string[] {
  return [/^\/fips\/[\da-f-]{36}/.exec(path)?.[0] ?? '', ...(body.match(/"(?:fips_ids|dst_fip_id)":(?:\[[^\]]*\]|"[^"]*")/g) ?? [])].flatMap((text) => text.match(/[\da-f-]{36}/g) ?? [])
}

/** The server that a detach was sent to take a flexible IP from. */
export function leftServer(id: string): string | undefined {
  const { path, fromId } = sent.get(id) ?? {}
  return path === '/fips/detach' ? fromId : undefined
}

/** The MAC address that a flexible IP had when a change was sent to this path; empty for none, `undefined` if that is unknown. */
export function macBefore(id: string, path: string): string | undefined {
  const latest = sent.get(id)
  return latest?.path === path ? latest.macBefore : undefined
}

/** The path of a change within its zone. */
const pathOf = (url: string): string => /\/zones\/[^/]+(\/.*)$/.exec(url)?.[1] ?? url

/** A reading of a whole zone. */
export interface Reading {
  readonly zone: string
  readonly beganAt: number
  readonly ips: readonly FlexibleIP[]
}

/** The latest reading of a zone, for the work that waits for answers. */
export const readings = observable<Reading>({ zone: '', beganAt: 0, ips: [] })

/** When the last reading of each zone began. One that was under way before is dropped. */
const begun = new Map<string, number>()

/** Notes that a reading of a zone begins. */
export function noteReadingBegun(zone: string): void {
  begun.set(zone, Date.now())
}

/** Whether a flexible IP has what an update wanted of it. */
export function has({ description, reverse, tags }: FlexibleIP, wanted: Wanted): boolean {
  return (
    (wanted.description === undefined || (wanted.description ?? '') === description) &&
    (wanted.reverse === undefined || (wanted.reverse ?? '') === (reverse ?? '')) &&
    (wanted.tags === undefined || JSON.stringify(wanted.tags ?? []) === JSON.stringify(tags))
  )
}

/** Settles what a reading decides, and gives what it shows done: an attach, a detach or an update whose goal is reached, or an attach or a detach that others overtook. */
export function noteReading(zone: string, ips: readonly FlexibleIP[]): string[] {
  const beganAt = begun.get(zone) ?? 0
  // An unchanged list is the same array, and is a reading all the same.
  readings.set({ zone, beganAt, ips })
  for (const { id, serverId, macAddress } of ips) listed.set(id, { serverId, mac: macAddress?.macAddress ?? '' })
  if (doubts.size === 0) return []
  const isReached = (ip: FlexibleIP): boolean => {
    const { id, status, serverId } = ip
    const { path, toId, fromId, wanted } = sent.get(id) ?? {}
    if (wanted) return has(ip, wanted)
    if (status === 'updating' || status === 'detaching') return false
    // A reading that began before the answer was lost may show the server that it had before.
    const isLater = beganAt > (doubts.get(id)?.at ?? beganAt)
    if (path === '/fips/detach') return serverId === undefined || (isLater && fromId !== undefined && serverId !== fromId)
    if (path !== '/fips/attach' || serverId === undefined) return false
    return serverId === toId || isLater
  }
  const settled = ips.filter((ip) => doubts.has(ip.id) && isReached(ip))
  settle(settled.map(({ id }) => id))
  return settled.filter(({ id, serverId }) => sent.get(id)?.wanted !== undefined || serverId === sent.get(id)?.toId).map(({ id }) => id)
}

startedOver.subscribe(() => settle([...doubts.keys()]))

/** Replaces the marks of one kind of work. */
export function markRows(source: string, next: RowMarks): void {
  const before = sources.get(source) ?? new Map<string, RowMark>()
  if (next.size === 0) sources.delete(source)
  else sources.set(source, next)
  publish(new Set([...before.keys(), ...next.keys()]))
}

/** Flexible IPs of which it is unknown whether a change was done. A minute after the request, what the service lists is so. */
export function noteDoubt(ids: readonly string[]): void {
  for (const id of ids) {
    const before = doubts.get(id)?.at ?? 0
    clearDoubt(id)
    const now = Date.now()
    // Of a request whose answer is known to be lost already, it was lost then.
    const at = before >= (sent.get(id)?.at ?? now) ? before : now
    const toId = sent.get(id)?.toId
    const leftMs = (sent.get(id)?.at ?? now) + settlingMs - now
    if (leftMs <= 0) continue
    const timer = setTimeout(() => settle([id]), leftMs)
    doubts.set(id, { mark: { state: 'inDoubt', ...(toId !== undefined && { toId }) }, at, timer })
  }
  publish(ids)
}

/** What became of these is known. */
export function settle(ids: readonly string[]): void {
  for (const id of ids) clearDoubt(id)
  publish(ids)
}

function clearDoubt(id: string): void {
  clearTimeout(doubts.get(id)?.timer)
  doubts.delete(id)
}

/** No flexible IP is in doubt: what was sent was for a fleet that is no more. */
export const settleAll = (): void => settle([...doubts.keys()])

/** Marks these anew. A mark that says the same stays the same object, so that its row is not drawn again. */
function publish(ids: Iterable<string>): void {
  let isChanged = false
  const begun = new Set<string>()
  const ended = new Set<string>()
  for (const id of ids) {
    const work = workOf(id)
    const isStep = work?.state === 'attaching' || work?.state === 'detaching'
    if (isStep !== steps.get().has(id)) (isStep ? begun : ended).add(id)
    const mark = doubts.get(id)?.mark ?? work
    if (isSame(marks.get(id), mark)) continue
    isChanged = true
    if (mark) marks.set(id, mark)
    else marks.delete(id)
  }
  if (isChanged) version += 1
  if (isChanged) for (const subscriber of subscribers) subscriber()
  if (begun.size + ended.size > 0) steps.set(new Set([...steps.get(), ...begun].filter((id) => !ended.has(id))))
}

function workOf(id: string): RowMark | undefined {
  let mark: RowMark | undefined
  for (const source of sources.values()) mark = source.get(id) ?? mark
  return mark
}

function isSame(a: RowMark | undefined, b: RowMark | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.state === b.state && a.what === b.what && a.since === b.since && a.toId === b.toId)
}

export function subscribeMarks(subscriber: () => void): () => void {
  subscribers.add(subscriber)
  return () => subscribers.delete(subscriber)
}

export const isInDoubt = (id: string): boolean => doubts.has(id)

/** The flexible IPs of which a step of this page is under way, answered or not. */
export function useSteps(): ReadonlySet<string> {
  return useObservable(steps)
}

/** The mark of a flexible IP. */
export function useRowMark(id: string): RowMark | undefined {
  return useSyncExternalStore(subscribeMarks, () => marks.get(id))
}

/** How many of these are in doubt. */
export function useDoubts(ids: readonly string[]): number {
  return useSyncExternalStore(subscribeMarks, () => ids.filter((id) => doubts.has(id)).length)
}

let copied: { readonly version: number; readonly marks: RowMarks } = { version: 0, marks: new Map() }

/** The same map until a mark changes. */
function allMarks(): RowMarks {
  if (copied.version !== version) copied = { version, marks: new Map(marks) }
  return copied.marks
}

/** The marks of all, for a table of many: its rows need not ask one by one. */
export function useRowMarks(): RowMarks {
  return useSyncExternalStore(subscribeMarks, allMarks)
}
