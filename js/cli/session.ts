// One run of a command: its options, the API, its output and its time.
import { Absence } from './absence.js'
import { namedByAddress } from './addresses.js'
import type { CallOptions, ClientEvent, Fetch, FlexibleIP } from '../index.js'
import type { CommonOptions } from './common-options.js'
import { type Connection, type Gate, connect } from './connect.js'
import { exitCodes } from './exit-codes.js'
import type { Circumstances, GoOn, ServerNames } from './failure.js'
import type { Io } from './io.js'
import { limitOf } from './limit.js'
import { type Row, type Style, ipObject, ipTable, styleOf } from './output.js'
import { isRefusal } from './response.js'
import { unreadable } from './servers.js'
import { Stop } from './stop.js'
import { type TableStyle, visible } from './table.js'

/** The time of a command without `--timeout`, in milliseconds. */
export const defaultTimeoutMs = 300_000

/** How much earlier than asked a timer can fire, in milliseconds. */
const timerMs = 5

/** What the transport says of a request that had no time left. */
const unsent = 'the time of the call had passed before the request was sent'

/** How much earlier than its time a move ends, because no further poll fits in: at most, and as a part of the whole. */
const reserveMaxMs = 1000
const reservePart = 0.25

/**
 * How long a move can take, in milliseconds: a detach takes about 5 s, and the client keeps 30 s for what its target
 * refuses, so that it can go back. What is repeated detaches nothing with less: at most, and as a part of the whole.
 */
const moveMaxMs = 35_000
const movePart = 0.5
const nothingDetached = 'nothing more is detached'

/** A run of a command. */
export class Session {
  readonly io: Io
  readonly options: CommonOptions
  readonly style: Style
  /** Aborted by ctrl-C, or by the command itself. */
  readonly signal: AbortSignal
  readonly #controller: AbortController
  readonly #totalMs: number
  #deadline: number
  #hasSent = false
  /** Whether it has said that names are missing. */
  #hasWarned = false
  #hasChanged = false
  readonly #listeners = new Set<(event: ClientEvent) => void>()
  readonly #sendListeners = new Set<(url: string, body: unknown) => void>()
  /** The longest time for one response, in milliseconds. The client's own if absent. */
  responseMs?: number
  /** The command that continues a move. `attach` takes nothing from a server. */
  resumesWith: 'claim' | 'attach' = 'claim'
  /** What goes on when the time is up; nothing if absent. */
  goOn?: GoOn
  /** What last refused, in its own words. Nothing has succeeded since. */
  #refusal: string | undefined
  /** What the last attempt left on its server, because its time was too short to move it. */
  held: readonly FlexibleIP[] = []
  /** The address of each flexible IP that was read, by its id. */
  readonly addresses = new Map<string, string>()
  /** The servers that do not exist. */
  readonly absence = new Absence()
  /** Checks every request before it is sent. */
  gate: Gate = (fetch) => fetch
  #connection: Promise<Connection> | undefined
  /** The servers that were read so far. */
  #servers: ServerNames | undefined

  constructor(io: Io, options: CommonOptions, controller: AbortController) {
    this.io = io
    this.options = options
    this.#controller = controller
    this.signal = controller.signal
    this.style = styleOf(io.outIsTerminal, io.env)
    this.#totalMs = options.timeout ?? defaultTimeoutMs
    this.#deadline = io.now() + this.#totalMs
  }

  /** The client and the list of servers, made at the first use. */
  connection(): Promise<Connection> {
    const { io, signal } = this
    const onEvent = (event: ClientEvent) => {
      this.#noteEvent(event)
      this.#listeners.forEach((listener) => listener(event))
    }
    const open = () => connect(this.options, { io, signal, remaining: () => this.remaining(), onEvent, warn: (message) => this.warn(message) }, (fetch) => this.gate(this.#noting(this.absence.noting(fetch))))
    return (this.#connection ??= open().then((connection) => {
      this.#servers = connection.servers.known
      return connection
    }))
  }

  /** Notes when a request is sent that changes something, and whether it was refused. */
  #noting(fetch: Fetch): Fetch {
    return async (url, init) => {
      if (init.method === 'GET') return fetch(url, init)
      this.#hasSent = true
      this.#sendListeners.forEach((listener) => listener(url, init.body))
      let isRefused = false
      try {
        const response = await fetch(url, init)
        isRefused = await isRefusal(response)
        return response
      } finally {
        this.#hasChanged ||= !isRefused
      }
    }
  }

  #noteEvent(event: ClientEvent): void {
    if (event.type === 'retry' || event.type === 'pollFailed') this.noteRefusal(event.error)
    else if (event.type === 'step' && event.progress === 'done') this.#refusal = undefined
  }

  /** Notes what refused. A request that had too little time says nothing, and neither does one that was held back. */
  noteRefusal(error: { code: string; message: string }): void {
    if (error.code !== 'aborted' && !this.isCutShort(error) && !this.isHeldBack(error)) this.#refusal = error.message
  }

  /** Whether a request had too little time for its response, or was not sent because there was none. */
  isCutShort({ code, message }: { code: string; message: string }): boolean {
    return (code === 'timeout' && this.remaining() < this.answerMs) || (code === 'connection' && message.includes(unsent))
  }

  /** The time that one answer is given, in milliseconds: what is repeated is not begun with less. */
  get answerMs(): number {
    return Math.min(reserveMaxMs, this.#totalMs * reservePart)
  }

  /** The time that a move is given, in milliseconds: nothing is detached with less. */
  get moveMs(): number {
    return Math.min(moveMaxMs, this.#totalMs * movePart)
  }

  /** Why nothing is detached any more. */
  get tooLate(): string {
    return `${Math.max(0, Math.floor(this.remaining() / 1000))} s are left, and a move can take ${moveMaxMs / 1000} s: ${nothingDetached}`
  }

  /** Whether a request failed because nothing is detached any more. */
  isHeldBack({ message }: { message: string }): boolean {
    return message.includes(nothingDetached)
  }

  /** Ends the time: what is left does not suffice for one answer. */
  expire(): void {
    this.#deadline = Math.min(this.#deadline, this.io.now())
  }

  /** What a failure needs to know of the command. */
  circumstances(): Circumstances {
    // A timer can fire a little early.
    const left = this.remaining()
    return { isLate: left <= timerMs, isLateForMoves: left <= this.answerMs + timerMs, hasSent: this.#hasSent, hasChanged: this.#hasChanged, options: this.options, refusal: this.#refusal, goOn: this.goOn, addresses: this.addresses, servers: this.#servers, held: this.held, resumesWith: this.resumesWith }
  }

  /** Receives the events of the client. Returns the function that ends it. */
  onEvent(listener: (event: ClientEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Receives each request that changes something, when it is sent: no gate has stopped it. Returns the function that ends it. */
  onSend(listener: (url: string, body: unknown) => void): () => void {
    this.#sendListeners.add(listener)
    return () => void this.#sendListeners.delete(listener)
  }

  /** Begins the time again: each move of a command that runs for ever has its own. */
  restart(atMostMs = Infinity): void {
    this.#deadline = this.io.now() + Math.min(atMostMs, this.options.timeout ?? defaultTimeoutMs)
  }

  /** Does something that does not count to the time of the command: a person may think as long as they like. */
  async pause<Result>(work: () => Promise<Result>): Promise<Result> {
    const from = this.io.now()
    try {
      return await work()
    } finally {
      this.#deadline += this.io.now() - from
    }
  }

  /** Waits for something that no signal ends, such as an input, until the command is ended or its time is up. */
  async limited<Result>(work: (signal: AbortSignal) => Promise<Result>, what: string): Promise<Result> {
    const { signal, isLate, end } = limitOf(this.signal, this.remaining())
    const over = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(isLate() ? new Stop(exitCodes.timedOut, `the time is up, and ${what}`) : this.signal.reason)))
    try {
      this.signal.throwIfAborted()
      return await Promise.race([work(signal), over])
    } finally {
      end()
    }
  }

  /** The milliseconds that are left. */
  remaining(): number {
    return this.#deadline - this.io.now()
  }

  /** The options of a call of the client: what is left of the time, and the signal. */
  call(): CallOptions {
    return { totalTimeoutMs: Math.max(1, Math.ceil(this.remaining())), ...(this.responseMs !== undefined && { timeoutMs: this.responseMs }), signal: this.signal }
  }

  /** Ends the command with this reason. */
  abort(reason: unknown): void {
    this.#controller.abort(reason)
  }

  /** Prints a line of the result. */
  print(line: string): void {
    this.io.out(`${line}\n`)
  }

  /** Prints an object of the result, as one line of JSON. */
  printObject(object: object): void {
    this.io.out(`${JSON.stringify(object)}\n`)
  }

  /** Warns, on the standard error. */
  warn(message: string): void {
    this.io.err(this.options.json ? `${JSON.stringify({ warning: message })}\n` : `warning: ${visible(message)}\n`)
  }

  /** What the library said, with addresses in place of the ids of flexible IPs. */
  named(text: string): string {
    return namedByAddress(text, (id) => this.addresses.get(id))
  }

  /** Says something that is not the result. With `--json` it is left out. */
  say(line: string): void {
    if (!this.options.json) this.io.err(`${visible(line)}\n`)
  }

  /** Flexible IPs with the names of their servers, as far as these can be read. After a move, no list is read for the name of its target. */
  async rows(ips: readonly FlexibleIP[], names: 'read' | 'known' = 'read'): Promise<Row[]> {
    const { servers } = await this.connection()
    if (names === 'read') await this.readNames(ips)
    else for (const { serverId, zone } of ips) if (serverId !== undefined) await servers.readOne(serverId, zone)
    return ips.map((ip) => ({ ip, server: servers.known.get(ip.serverId ?? '') }))
  }

  /** Reads the names of the servers that have these flexible IPs. Names are a convenience: what is missing is a warning. */
  async readNames(ips: readonly { serverId?: string | undefined; zone: string }[]): Promise<void> {
    const { servers } = await this.connection()
    if (ips.every(({ serverId }) => serverId === undefined)) return
    const { failures } = await servers.all()
    const unread = failures.filter((failure) => ips.some(({ serverId, zone }) => zone === failure.zone && serverId !== undefined && !servers.known.has(serverId)))
    const [first] = unread
    if (!first || this.#hasWarned) return
    this.#hasWarned = true
    this.warn(`names of servers are missing: ${unreadable(first, unread).message}`)
  }

  /** How this command writes tables. */
  get tableStyle(): TableStyle {
    return { bold: (text) => this.style.bold(text), clean: (text) => this.io.secrets.clean(text) }
  }

  /** Prints flexible IPs: a table, or an object a line. */
  async printIps(ips: readonly FlexibleIP[], names: 'read' | 'known' = 'read'): Promise<void> {
    const rows = await this.rows(ips, names)
    if (this.options.json) for (const row of rows) this.printObject(ipObject(row))
    else for (const line of ipTable(rows, this.io.outIsTerminal ? this.io.columns : Infinity, this.tableStyle)) this.print(line)
  }
}
