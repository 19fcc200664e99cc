// Where the flexible IPs of `flexip watch` are, and whether they still exist.
import { type FlexibleIP, isFlexipError } from '../../index.js'
import { exitCodes } from '../exit-codes.js'
import { isStuck, placeOf } from '../failure.js'
import { type Inventory, readInventory, selectIps } from '../selection.js'
import type { Target } from '../servers.js'
import type { Session } from '../session.js'
import { Stop, wrongArgument } from '../stop.js'
import type { Place } from './places.js'

/** A transition is under way. */
const movingStatuses: readonly string[] = ['detaching', 'updating']

/** After so many consecutive reads that lack a flexible IP which the API also refuses to give, it is never read again. */
const readsUntilGone = 3

/** The longest time until it is known whether the API refuses one, in milliseconds. */
const refusalMs = 10_000

/** Reads where the flexible IPs are. */
export class Whereabouts {
  readonly #session: Session
  readonly #targets: readonly Target[]
  #words: readonly string[]
  /** What each word named, when it was last read. */
  readonly #named = new Map<string, readonly FlexibleIP[]>()
  readonly #missing = new Map<string, number>()
  #last: readonly FlexibleIP[] = []
  /** Why the reads have failed since the last that did not. */
  readonly #said = new Set<string>()
  /** When a move of this watch last brought a flexible IP to a server, by its id. What others move waits for nothing. */
  readonly #movedAt = new Map<string, number>()
  /** What an attempt took from its server, or was to take, and what is not at rest on a server since. */
  readonly #taken = new Set<string>()
  /** What cannot move: it is locked or in error, or one of its MAC group is. */
  #stuck: ReadonlySet<string> = new Set()
  #saidStuck: ReadonlySet<string> = new Set()

  constructor(session: Session, words: readonly string[], targets: readonly Target[]) {
    this.#session = session
    this.#words = words
    this.#targets = targets
  }

  /** Whether a flexible IP was missing when it was last read: then the next read is soon. */
  get isMissing(): boolean {
    return this.#missing.size > 0
  }

  /** What is where, as it was last read, also by an attempt. */
  get text(): string {
    const servers = new Map(this.#targets.map((target) => [target.id, target]))
    return this.#all.map((ip) => `${ip.ipAddress} is ${placeOf(ip, servers)}`).join(', ')
  }

  /** Where each was when it was last read. */
  get places(): Place[] {
    return this.#last.map((ip) => this.placeOf(ip))
  }

  /** The name of a server, as far as it is known. */
  nameOf(serverId: string): string {
    return this.#session.circumstances().servers?.get(serverId)?.name || serverId
  }

  /** Others have moved these, which an attempt was to take. */
  leave(ids: readonly string[]): void {
    for (const id of ids) this.#taken.delete(id)
  }

  /** What this watch took off its server, and is on none: it must arrive, also if it is locked meanwhile. */
  #isOnWay(id: string, serverId: string | undefined): boolean {
    return serverId === undefined && this.#taken.has(id)
  }

  /** Where a flexible IP is that was read. */
  placeOf({ id, serverId, status }: Pick<FlexibleIP, 'id' | 'serverId' | 'status'>): Place {
    const index = status === 'detaching' ? -1 : this.#targets.findIndex((target) => target.id === serverId)
    const movedAt = this.#movedAt.get(id)
    const isElsewhere = serverId !== undefined && !this.#targets.some((target) => target.id === serverId)
    return { server: index === -1 ? undefined : index, ...(isElsewhere && { isElsewhere }), ...(movingStatuses.includes(status) && { isMoving: true }), ...(this.#stuck.has(id) && !this.#isOnWay(id, serverId) && { isStuck: true as const }), ...(movedAt !== undefined && { movedAt }) }
  }

  /**
   * Reads where they are. Of those that have moved, notes when, for what an attempt took, or what is on the server of the
   * last one, `to`. If all had arrived when it ended, that was at `doneAt`; else they may have arrived just now. Returns whether one has moved; `undefined` if the read failed: an API that is out of reach
   * is no reason to move. Throws a `Stop` if all are gone.
   */
  async read(isStart: boolean, doneAt: number | undefined, to: number | undefined): Promise<{ hasMoved: boolean } | undefined> {
    const inventory = await this.#inventory(isStart)
    if (!inventory) return undefined
    this.#stuck = stuckOf(inventory.ips)
    const taken = new Set(this.#taken)
    for (const { id, serverId, status } of inventory.ips) if (serverId !== undefined && !movingStatuses.includes(status)) this.#taken.delete(id)
    let isWhole = true
    for (const word of [...this.#words]) isWhole = (await this.#readWord(word, inventory, isStart)) && isWhole
    const ips = this.#all
    if (!isWhole || ips.length === 0) return undefined
    this.#checkZones(ips)
    const before = new Map(this.#last.map(({ id, serverId }) => [id, serverId]))
    const moved = ips.filter(({ id, serverId }) => before.has(id) && before.get(id) !== serverId)
    const target = to === undefined ? undefined : this.#targets[to]?.id
    for (const { id, serverId } of moved) if (serverId !== undefined && (taken.has(id) || serverId === target)) this.#movedAt.set(id, doneAt ?? this.#session.io.now())
    this.#last = ips
    this.#warnOfStuck(ips)
    if (this.#said.size > 0) this.#session.say('it is known again where the flexible IPs are')
    this.#said.clear()
    return { hasMoved: moved.length > 0 }
  }

  /**
   * The flexible IPs that the words name now, for an attempt. Those of which `goes` says so go, and stay part until they are on
   * a server. The others do not wait for one that is deleted. What the attempt before took can have arrived since the last
   * read, or by `doneAt`.
   */
  async select(inventory: Inventory, doneAt: number | undefined, goes: (ip: FlexibleIP) => boolean): Promise<FlexibleIP[]> {
    this.#stuck = stuckOf(inventory.ips)
    let absence: unknown
    for (const word of this.#words) {
      try {
        this.#named.set(word, await this.#ipsOf(word, inventory))
        this.#missing.delete(word)
      } catch (error) {
        if (!(await this.#isGone(word, error))) throw error
        absence = error
        // Whether it is gone for good, the next reads say.
        this.#noteGone(word, Math.max(1, this.#missing.get(word) ?? 0), error)
      }
    }
    if (absence !== undefined && this.#words.every((word) => this.#isLeftOut(word))) throw absence
    const before = new Map(this.#last.map(({ id, serverId }) => [id, serverId]))
    const hasArrived = ({ id, serverId, status }: FlexibleIP) => this.#taken.has(id) && serverId !== undefined && !movingStatuses.includes(status) && before.get(id) !== serverId
    for (const ip of this.#all.filter(hasArrived)) this.#movedAt.set(ip.id, doneAt ?? this.#session.io.now())
    const going = this.#all.filter(goes)
    for (const { id } of going) this.#taken.add(id)
    return going
  }

  /** Warns once of each that cannot move. */
  #warnOfStuck(ips: readonly FlexibleIP[]): void {
    const stuck = ips.filter(({ id }) => this.#stuck.has(id))
    for (const { id, ipAddress, status } of stuck) {
      const reason = status === 'locked' ? 'is locked' : status === 'error' ? 'is in error' : 'is in a MAC group with one that is locked or in error'
      if (!this.#saidStuck.has(id)) this.#session.warn(`${ipAddress} ${reason}: it does not move before that has ended`)
    }
    this.#saidStuck = new Set(stuck.map(({ id }) => id))
  }

  /** Whether all are at rest on this server. */
  areAllOn(server: number): boolean {
    return this.#all.every((ip) => this.isOn(server, ip))
  }

  /** Whether one that was read is at rest on this server. */
  isOn(server: number, ip: FlexibleIP): boolean {
    const place = this.placeOf(ip)
    return place.server === server && !place.isMoving
  }

  /** What the words name, each once, without what is gone. */
  get #all(): FlexibleIP[] {
    const present = this.#words.filter((word) => !this.#isLeftOut(word))
    return [...new Map(present.flatMap((word) => this.#named.get(word) ?? []).map((ip) => [ip.id, ip])).values()]
  }

  /** Whether nothing waits for what this word named: the list lacked it, and the API refused to give it. */
  #isLeftOut(word: string): boolean {
    return (this.#missing.get(word) ?? 0) > 0
  }

  /** What a word names. What has lost its tag on its way to a server is still part of it: nothing else would bring it there. */
  async #ipsOf(word: string, inventory: Inventory): Promise<FlexibleIP[]> {
    const taken = new Set((this.#named.get(word) ?? []).map(({ id }) => id).filter((id) => this.#taken.has(id)))
    const onWay = inventory.ips.filter(({ id }) => taken.has(id))
    try {
      return [...(await selectIps(this.#session, [word], inventory)), ...onWay]
    } catch (error) {
      if (onWay.length > 0 && error instanceof Stop && error.exitCode === exitCodes.notFound) return onWay
      throw error
    }
  }

  async #inventory(isStart: boolean): Promise<Inventory | undefined> {
    try {
      return await readInventory(this.#session)
    } catch (error) {
      this.#note(error, isStart)
      return undefined
    }
  }

  /** Reads what a word names. Returns whether that is known: nothing, if it is gone. */
  async #readWord(word: string, inventory: Inventory, isStart: boolean): Promise<boolean> {
    try {
      this.#named.set(word, await this.#ipsOf(word, inventory))
      this.#missing.delete(word)
      return true
    } catch (error) {
      if (!(await this.#isGone(word, error))) {
        this.#note(error, isStart)
        this.#missing.set(word, 0)
        return false
      }
      const reads = (this.#missing.get(word) ?? 0) + 1
      this.#noteGone(word, reads, error)
      if (reads >= readsUntilGone) this.#leaveOut(word, error as Stop)
      return true
    }
  }

  /** Notes in how many reads a flexible IP is gone. The others do not wait for it, which is said once. */
  #noteGone(word: string, reads: number, error: unknown): void {
    const isLast = this.#words.every((other) => other === word || this.#isLeftOut(other))
    if (!this.#isLeftOut(word) && !isLast) this.#session.say(`${messageOf(error)} now: the others do not wait for it`)
    this.#missing.set(word, reads)
  }

  /** Says once why a read failed. At the start, a flexible IP that does not exist is the user's mistake. */
  #note(error: unknown, isStart: boolean): void {
    this.#session.signal.throwIfAborted()
    if (isStart && error instanceof Stop && error.exitCode === exitCodes.notFound) throw error
    const text = messageOf(error)
    if (!this.#said.has(text)) this.#session.say(`it is unknown where the flexible IPs are: ${text}`)
    this.#said.add(text)
  }

  /** Whether the list lacks what the word named before, and the API refuses to give it. */
  async #isGone(word: string, error: unknown): Promise<boolean> {
    return error instanceof Stop && error.exitCode === exitCodes.notFound && (await this.#isRefused(word))
  }

  /** Whether the API refuses to give what the word named before. It says 403 or 404 of what is deleted. */
  async #isRefused(word: string): Promise<boolean> {
    const { client } = await this.#session.connection()
    const before = this.#named.get(word) ?? []
    const call = this.#session.call()
    const options = { ...call, totalTimeoutMs: Math.min(refusalMs, call.totalTimeoutMs ?? refusalMs) }
    const reads = await Promise.allSettled(before.map(({ id, zone }) => client.getFlexibleIP({ fipId: id, zone }, options)))
    this.#session.signal.throwIfAborted()
    return reads.length > 0 && reads.every((read) => read.status === 'rejected' && isFlexipError(read.reason) && ['permissions_denied', 'not_found'].includes(read.reason.code))
  }

  #leaveOut(word: string, error: Stop): void {
    this.#words = this.#words.filter((other) => other !== word)
    this.#missing.delete(word)
    if (this.#words.length === 0) throw error
    this.#session.warn(`${error.message} any more: it is left out`)
  }

  /** A flexible IP cannot go to a server of another zone. */
  #checkZones(ips: readonly FlexibleIP[]): void {
    for (const { ipAddress, zone } of ips) {
      const foreign = this.#targets.find((target) => target.zone !== undefined && target.zone !== zone)
      if (foreign) throw wrongArgument(`${ipAddress} is in ${zone}, and ${foreign.name ?? foreign.id} in ${foreign.zone}`, 'A flexible IP can be attached in its own zone only: watch servers of that zone.')
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The ids of those that are locked or in error, and of the others of their MAC groups: these move as a whole. */
function stuckOf(ips: readonly FlexibleIP[]): Set<string> {
  const macs = new Set(ips.filter(isStuck).flatMap(({ macAddress }) => (macAddress ? [macAddress.id] : [])))
  return new Set(ips.filter((ip) => isStuck(ip) || (ip.macAddress && macs.has(ip.macAddress.id))).map(({ id }) => id))
}
