// The actions of the resource agent.
import type { FlexibleIP } from '../../index.js'
import { ipv4, ipv6OfBlock, ipv6OfBlockOf, network } from '../../network/addresses.js'
import type { CommonOptions } from '../common-options.js'
import { failureOf } from '../failure.js'
import type { Io } from '../io.js'
import { bring } from '../moving.js'
import { report } from '../report.js'
import { readInventory, selectIps, withGroups } from '../selection.js'
import type { Target } from '../servers.js'
import { Session } from '../session.js'
import { interruptionOf } from '../stop.js'
import { Failed, type OcfCode, ocf, ocfCodeOf } from './codes.js'
import { type Marker, MarkerFile } from './marker.js'
import { metadata } from './metadata.js'
import { type Parameters, localParametersOf, parametersOf, timeoutOf } from './parameters.js'

export const usage = 'usage: flexip ocf start|stop|monitor|validate-all|meta-data|usage, with the parameters in OCF_RESKEY_*'

/** The longest time that monitor waits for the API, in milliseconds. */
const monitorMs = 10_000

/** Does an action, and returns its exit code by OCF. */
export async function runAction(action: string, io: Io): Promise<OcfCode> {
  if (action === 'meta-data') return print(io, metadata())
  if (action === 'usage' || action === 'help') return print(io, `${usage}\n`)
  const agent = new Agent(io)
  switch (action) {
    case 'start':
      return agent.inSession((session, parameters) => agent.start(session, parameters))
    // Without parameters too: a resource that has lost its parameters must still stop.
    case 'stop':
      return agent.orReport(() => agent.stop())
    case 'monitor':
    case 'status':
      return agent.orReport(() => agent.monitor())
    case 'validate-all':
      return agent.inSession((session, parameters) => agent.validate(session, parameters))
    default:
      io.err(`${usage}\n`)
      return ocf.unimplemented
  }
}

function print(io: Io, text: string): OcfCode {
  io.out(text)
  return ocf.success
}

class Agent {
  readonly #io: Io
  readonly #marker: MarkerFile
  #options: CommonOptions = {}
  #session: Session | undefined
  /** The commands of the shell run to their end: a half of them would be worse. */
  readonly #unaborted = new AbortController().signal

  constructor(io: Io) {
    this.#io = io
    this.#marker = new MarkerFile(io.env)
  }

  /** Attaches the flexible IPs, then adds the addresses. Returns when all is done. */
  async start(session: Session, parameters: Parameters): Promise<OcfCode> {
    await this.#checkInterface(parameters)
    // What a damaged marker has forgotten is removed first. A marker from the begin on says that no address is there yet.
    const found = this.#readMarker()
    if (found === 'broken') await this.stop()
    const before = found === 'broken' ? undefined : found
    if (!before) this.#marker.write({ serverId: '', zone: '', ips: [], local: [], elsewhere: [], isBegun: true })
    const ips = (await bring(session, parameters.server, parameters.ips, { needsAll: true })) ?? []
    const [first] = ips
    if (first?.serverId === undefined) throw new Failed(ocf.generic, 'the claim ended without a server')
    const name = parameters.interface
    const marker = markerOf({ id: first.serverId }, ips, name)
    // The marker comes before the addresses, so that stop removes them also if start ends in between.
    const isStale = before !== undefined && !before.isBegun && JSON.stringify([before.interface, before.local]) !== JSON.stringify([marker.interface, marker.local])
    if (isStale) await this.stop()
    this.#marker.write(marker)
    for (const address of marker.local) {
      if ((await this.#shell(`ip address replace ${address} dev ${name}`)) !== 0) throw new Failed(ocf.permission, `the address ${address} could not be added to ${name}`)
    }
    return ocf.success
  }

  /** Removes the addresses, then the marker. It makes no request. */
  async stop(): Promise<OcfCode> {
    const marker = this.#readMarker()
    if (marker === undefined || marker === 'broken') await this.#removeNamed(marker === 'broken')
    else await this.#removeLocal(marker.local, marker.interface, true)
    this.#marker.remove()
    return ocf.success
  }

  /** Without a marker that can be read, removes the addresses that the parameters name. Fails if they do not name all. */
  async #removeNamed(isDamaged: boolean): Promise<void> {
    const { ips, interface: name } = localParametersOf(this.#io.env)
    if (name === undefined) {
      if (isDamaged && ips.length === 0) throw new Failed(ocf.generic, 'the marker cannot be read, and the parameters are missing: it is unknown which addresses are to be removed')
      return
    }
    const addresses = ips.map(addressOf)
    await this.#removeLocal(addresses.filter((address) => address !== undefined), name, isDamaged)
    const unknown = ips.filter((_, index) => addresses[index] === undefined)
    if (ips.length > 0 && unknown.length === 0) return
    // An id or a tag does not say which address it is. Those of flexible IPs have the prefix length 32.
    const mayBeThere = isDamaged || (unknown.length > 0 && (await this.#shell(`ip -oneline -4 address show dev ${name} | grep -q '/32 '`)) === 0)
    if (mayBeThere) throw new Failed(ocf.generic, `the marker is ${isDamaged ? 'damaged' : 'missing'}, and the parameter ips names no address: it is unknown which addresses on ${name} are to be removed. Remove them by hand, and name addresses in ips`)
  }

  /** Removes those of these addresses that are there. Fails if that is unknown: `isNeeded` says that they may have been added. */
  async #removeLocal(addresses: readonly string[], name: string | undefined, isNeeded: boolean): Promise<void> {
    if (addresses.length === 0) return
    if ((await this.#shell('command -v ip > /dev/null')) !== 0) {
      // Without the program, start has added none.
      if (!isNeeded) return
      throw new Failed(ocf.generic, `the program ip is missing: it is unknown whether ${addresses.join(', ')} is on ${name}`)
    }
    for (const address of addresses) {
      const isThere = await this.#hasAddress(address, name)
      if (isThere && (await this.#shell(`ip address delete ${address} dev ${name}`)) !== 0) throw new Failed(ocf.generic, `the address ${address} could not be removed from ${name}`)
    }
  }

  /** Without a marker it is stopped, unless an address of the flexible IPs is there. With one it runs, unless an address is missing, or the API says that a flexible IP is elsewhere. */
  async monitor(): Promise<OcfCode> {
    const marker = this.#readMarker()
    if (marker === 'broken') throw new Failed(ocf.generic, 'the marker cannot be read')
    if (marker === undefined || marker.isBegun) return this.#unmarked()
    return this.#marked(marker)
  }

  async #marked(marker: Marker): Promise<OcfCode> {
    for (const address of marker.local) {
      if (!(await this.#hasAddress(address, marker.interface))) throw new Failed(ocf.generic, `the address ${address} is missing on ${marker.interface}`)
    }
    const parameters = parametersOf(this.#io.env)
    const elsewhere = parameters.monitorApi ? await this.#elsewhere(marker, parameters) : marker.elsewhere
    if (elsewhere.length > 0) throw new Failed(ocf.generic, `not on this server: ${elsewhere.join(', ')}`)
    return ocf.success
  }

  /** Where the marker was lost, the addresses can still be there: Pacemaker must not take that for stopped. */
  async #unmarked(): Promise<OcfCode> {
    const { ips, interface: name } = localParametersOf(this.#io.env)
    if (name === undefined) return ocf.notRunning
    const addresses = ips.map(addressOf)
    for (const address of addresses) {
      if (address !== undefined && (await this.#hasAddress(address, name))) throw new Failed(ocf.generic, `the marker is missing, and the address ${address} is on ${name}: start was not followed by stop`)
    }
    // An id or a tag does not say which address it is. Without the marker, stop would not know that either.
    const marker = addresses.includes(undefined) ? await this.#markerOfApi() : undefined
    for (const address of marker?.local ?? []) {
      if (!marker || !(await this.#hasAddress(address, name))) continue
      this.#io.err(`warning: the marker was missing, and the address ${address} is on ${name}: it is written again\n`)
      this.#marker.write(marker)
      return this.#marked(marker)
    }
    return ocf.notRunning
  }

  /** The marker that start would leave, by what the API says. `undefined` if it does not say it: a node that has just started may lack the configuration. */
  async #markerOfApi(): Promise<Marker | undefined> {
    try {
      const parameters = parametersOf(this.#io.env)
      if (!parameters.monitorApi) return undefined
      const session = this.#monitorSession(parameters)
      const { servers } = await session.connection()
      const inventory = await readInventory(session)
      const ips = withGroups(await selectIps(session, parameters.ips, inventory), inventory.ips)
      return markerOf(await servers.find(parameters.server), ips, parameters.interface)
    } catch (error) {
      this.#io.err(`warning: without a marker, it is unknown which addresses are those of ips, and it counts as stopped: ${error instanceof Error ? error.message : String(error)}\n`)
      return undefined
    }
  }

  #monitorSession({ options }: Parameters): Session {
    return new Session(this.#io, { ...options, timeout: Math.min(options.timeout ?? monitorMs, monitorMs) }, new AbortController())
  }

  /** Checks the parameters and the configuration; with OCF_CHECK_LEVEL 10 also that the flexible IPs and the server exist. */
  async validate(session: Session, parameters: Parameters): Promise<OcfCode> {
    await this.#checkInterface(parameters)
    await session.connection()
    if (Number(this.#io.env.OCF_CHECK_LEVEL ?? 0) < 10) return ocf.success
    const { servers } = await session.connection()
    await servers.find(parameters.server)
    await selectIps(session, parameters.ips)
    return ocf.success
  }

  /** The flexible IPs that are on another server or on none. If the API does not say, those of the last time. */
  async #elsewhere(marker: Marker, parameters: Parameters): Promise<string[]> {
    const elsewhere: string[] = []
    const session = this.#monitorSession(parameters)
    // A configuration that is missing or wrong is no matter of the API.
    const { client } = await session.connection()
    try {
      for (const { id, ipAddress } of marker.ips) {
        const { serverId } = await client.getFlexibleIP({ zone: marker.zone as FlexibleIP['zone'], fipId: id }, session.call())
        if (serverId !== marker.serverId) elsewhere.push(ipAddress)
      }
    } catch (error) {
      // Also a refused key says nothing about where a flexible IP is.
      this.#io.err(`warning: the API did not say where the flexible IPs are, so that the last knowledge counts: ${error instanceof Error ? error.message : String(error)}\n`)
      return marker.elsewhere
    }
    if (elsewhere.join() !== marker.elsewhere.join()) this.#marker.write({ ...marker, elsewhere })
    return elsewhere
  }

  async #checkInterface({ interface: name }: Parameters): Promise<void> {
    if (name === undefined) return
    if ((await this.#shell('command -v ip > /dev/null')) !== 0) throw new Failed(ocf.notInstalled, 'the program ip is missing: install iproute2')
    if ((await this.#shell(`ip link show dev ${name} > /dev/null`)) !== 0) throw new Failed(ocf.arguments, `this node has no interface ${name}`)
  }

  #readMarker(): Marker | 'broken' | undefined {
    try {
      return this.#marker.read()
    } catch {
      return 'broken'
    }
  }

  async #hasAddress(address: string, name: string | undefined): Promise<boolean> {
    return (await this.#shell(`ip -oneline address show dev ${name} to ${address} | grep -q .`)) === 0
  }

  #shell(command: string): Promise<number> {
    return this.#io.shell(command, this.#unaborted)
  }

  /** Runs an action that uses the API, until it ends or Pacemaker ends it. */
  async inSession(action: (session: Session, parameters: Parameters) => Promise<OcfCode>): Promise<OcfCode> {
    return this.orReport(async () => {
      const parameters = parametersOf(this.#io.env)
      const controller = new AbortController()
      this.#options = parameters.options
      const session = (this.#session = new Session(this.#io, parameters.options, controller))
      const endOfSignals = this.#io.onSignal((signal) => controller.abort(interruptionOf(signal)))
      try {
        return await action(session, parameters)
      } finally {
        endOfSignals()
      }
    })
  }

  /** Says why an action failed, and returns the code for it. */
  async orReport(action: () => Promise<OcfCode>): Promise<OcfCode> {
    const start = this.#io.now()
    try {
      return await action()
    } catch (error) {
      if (error instanceof Failed) {
        this.#io.err(`error: ${error.message}\n`)
        return error.code
      }
      const { hasSent = false, servers, held } = this.#session?.circumstances() ?? {}
      const circumstances = { isLate: false, isLateForMoves: false, hasSent, hasChanged: true, options: this.#options, servers, ...(held && { held }) }
      const failure = failureOf(error, { ...circumstances, isLate: this.#io.now() - start >= timeoutOf(this.#io.env) })
      if (failure) {
        // An agent has no option of the command.
        report(this.#io, failure.code === 'configuration' ? { ...failure, hints: ['Set the parameter config to a file with the key, on each node.'] } : failure, false)
        // What could not be read has its error as the cause: the key can be refused for it.
        const cause = error instanceof Error ? failureOf(error.cause, circumstances) : undefined
        return cause && ocfCodeOf(cause) === ocf.permission ? ocf.permission : ocfCodeOf(failure)
      }
      this.#io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`)
      return ocf.generic
    }
  }
}

/** What start notes when these flexible IPs are on the server. */
function markerOf({ id: serverId }: Target, ips: readonly FlexibleIP[], name: string | undefined): Marker {
  const local = name === undefined ? [] : ips.flatMap(({ ipAddress }) => localAddress(ipAddress))
  return { serverId, zone: ips[0]?.zone ?? '', ips: ips.map(({ id, ipAddress }) => ({ id, ipAddress })), ...(name !== undefined && { interface: name }), local, elsewhere: [] }
}

/** The address of a flexible IP on an interface. */
function localAddress(ipAddress: string): string[] {
  const [v4, v6] = [ipv4(ipAddress), ipv6OfBlock(ipAddress)]
  return v4 !== undefined ? [`${v4}/32`] : v6 !== undefined ? [`${v6}/64`] : []
}

/** The address on the interface of a flexible IP that an address names; `undefined` for an id, a tag or a server. */
function addressOf(word: string): string | undefined {
  const ip = network(word)
  if (!ip) return undefined
  if (ip.family === 4) return `${ip.address}/32`
  const host = ipv6OfBlockOf(ip.address)
  return host === undefined ? undefined : `${host}/64`
}
