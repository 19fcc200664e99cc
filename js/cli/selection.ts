// The flexible IPs that the words of a command name.
import { type FlexibleIP, IncompleteListError, isFlexipError, macGroups, parseIp } from '../index.js'
import { ipsWith } from './addresses.js'
import type { Connection } from './connect.js'
import { exitCodeOfError, exitCodes } from './exit-codes.js'
import { isId } from './parsers.js'
import type { Session } from './session.js'
import { EmptyServer, Stop, quoted, wrongArgument } from './stop.js'

/** The flexible IPs of all zones, or of that of `--zone`, and the zones that could not be read. */
export interface Inventory {
  ips: FlexibleIP[]
  failures: { zone: string; error: Error }[]
}

export const wordsOfIps = 'an address, an id, tag:<tag>, or server:<name>'

/** Reads the flexible IPs of all zones. A zone that cannot be read is no failure yet: nothing in it may be asked for. */
export async function readInventory(session: Session): Promise<Inventory> {
  const inventory = await read(session)
  for (const { id, ipAddress } of inventory.ips) session.addresses.set(id, ipAddress)
  return inventory
}

async function read(session: Session): Promise<Inventory> {
  const { client } = await session.connection()
  const { zone } = session.options
  if (zone !== undefined) return { ips: await client.listFlexibleIPs({ zone, pageSize: 100 }, session.call()).all(), failures: [] }
  const { flexibleIps, failures } = await client.listAllZones({ pageSize: 100 }, session.call())
  return { ips: flexibleIps, failures }
}

/** Refuses a word that can name nothing, before anything is sent. */
export function checkWords(words: readonly string[], allowed = wordsOfIps): void {
  for (const word of words) {
    const isWord = isId(word) || /^(tag|server):./s.test(word) || parseIp(word) !== undefined
    if (!isWord) throw wrongArgument(`${quoted(word)} names no flexible IP`, `Allowed is ${allowed}.`)
  }
}

/** The same where a word must name the same flexible IPs after they have moved: what is on a server is others then. */
export function checkLastingWords(words: readonly string[]): void {
  const allowed = 'an address, an id, or tag:<tag>'
  checkWords(words, allowed)
  const ofServer = words.find((word) => word.startsWith('server:'))
  if (ofServer !== undefined) throw wrongArgument(`${quoted(ofServer)} names other flexible IPs after a move`, `Allowed is ${allowed}.`)
}

/** The flexible IPs that the words name, each once, in the order of the words. Throws a `Stop` if one names none. */
export async function selectIps(session: Session, words: readonly string[], inventory?: Inventory): Promise<FlexibleIP[]> {
  checkWords(words)
  const all = inventory ?? (await readInventory(session))
  const connection = await session.connection()
  const selected = new Map<string, FlexibleIP>()
  for (const word of words) for (const ip of await ipsOf(word, all, connection)) selected.set(ip.id, ip)
  return [...selected.values()]
}

/** What the words name, and for each word that names nothing the `Stop` that says so. */
export async function selectNamed(session: Session, words: readonly string[], inventory: Inventory): Promise<{ selected: FlexibleIP[]; absences: Map<string, Stop> }> {
  const selected = new Map<string, FlexibleIP>()
  const absences = new Map<string, Stop>()
  for (const word of words) {
    try {
      for (const ip of await selectIps(session, [word], inventory)) selected.set(ip.id, ip)
    } catch (error) {
      if (!(error instanceof Stop) || error.exitCode !== exitCodes.notFound) throw error
      absences.set(word, error)
    }
  }
  return { selected: [...selected.values()], absences }
}

async function ipsOf(word: string, { ips, failures }: Inventory, { servers }: Connection): Promise<FlexibleIP[]> {
  const [failure] = failures
  const unreadZones = failures.map(({ zone }) => zone).join(', ')
  if (word.startsWith('tag:')) {
    const tag = word.slice('tag:'.length)
    // Others may have the tag: to change only some of them would be wrong.
    if (failure) throw failure.error
    const tagged = ips.filter(({ tags }) => tags.includes(tag))
    if (tagged.length === 0) throw new Stop(exitCodes.notFound, `no flexible IP has the tag ${quoted(tag)}`)
    return tagged
  }
  if (word.startsWith('server:')) {
    const { id, name, zone } = await servers.find(word)
    const isUnread = failures.find((failed) => zone === undefined || failed.zone === zone)
    if (isUnread) throw isUnread.error
    const there = ips.filter(({ serverId }) => serverId === id)
    if (there.length === 0) throw new EmptyServer(`no flexible IP is on ${name ?? id}`)
    return there
  }
  const matches = isId(word) ? ips.filter(({ id }) => id === word.toLowerCase()) : ipsWith(word, ips)
  if (matches.length > 0) return matches
  const partly = failures.flatMap(({ error }) => (error instanceof IncompleteListError ? error.flexibleIps : []))
  if (partly.length > 0 && failure) throw failure.error
  if (failure) throw new Stop(isFlexipError(failure.error) ? exitCodeOfError(failure.error) : exitCodes.unreachable, `${word} is in no zone that could be read; ${unreadZones} could not: ${failure.error.message}`, [], { cause: failure.error })
  throw new Stop(exitCodes.notFound, `there is no flexible IP ${word}`, 'flexip ls lists all that the API key can see.')
}

/** These flexible IPs and all other members of their MAC groups. */
export function withGroups(ips: readonly FlexibleIP[], all: readonly FlexibleIP[]): FlexibleIP[] {
  const wanted = new Set(ips.map(({ id }) => id))
  const added = macGroups(all).filter((group) => group.some(({ id }) => wanted.has(id))).flat()
  return [...ips, ...added.filter(({ id }) => !wanted.has(id))]
}
