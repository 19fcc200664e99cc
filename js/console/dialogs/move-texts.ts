// A move as texts to copy: as a command of this package, and as a report of what is where.
import type { MoveRun, Unit, UnitRun } from '../data/moves.js'
import type { Staying } from '../data/planning.js'
import { requestIdOf } from '../data/failure.js'
import { strings } from '../strings.js'
import type { Upstream } from '../data/connection.js'
import { optionsFor, quoted } from '../views/log-command.js'

const words = strings.move

interface Command {
  readonly zone: string
  readonly fromId: string | undefined
  readonly toId: string
  readonly units: readonly Unit[]
}

/** The command that does the same move. It names the flexible IPs, so that nothing else moves. */
export function commandOf({ zone, fromId, toId, units }: Command, nameOf: (serverId: string) => string, upstream: Upstream): string {
  const server = (id: string) => {
    const name = nameOf(id)
    // The beginning of an id is shown where there is no name. A name that is no plain word could be taken for an option.
    return id.startsWith(name) || !/^\w[\w.-]*$/.test(name) ? id : name
  }
  const verb = fromId === undefined ? ['claim', server(toId)] : ['failover', server(fromId), server(toId)]
  const addresses = units.flatMap(({ ips }) => ips.map(({ ipAddress }) => ipAddress))
  return ['npx flexip', ...[...verb, ...addresses, `--zone=${zone}`, ...optionsFor(upstream)].map(quoted)].join(' ')
}

const idPattern = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g

/** The words for a failure of a move, with addresses and names of servers in place of ids. */
export function withNames(text: string, { plan, units }: MoveRun, nameOf: (serverId: string) => string): string {
  const addresses = new Map(units.flatMap(({ unit }) => unit.ips.map(({ id, ipAddress }) => [id, ipAddress] as const)))
  const servers = new Set([plan.toId, plan.fromId, ...units.flatMap(({ unit, atId, later }) => [unit.fromId, atId, later?.atId])])
  return text.replace(idPattern, (id) => addresses.get(id) ?? (servers.has(id) ? nameOf(id) : id))
}

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
const at = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/** What is where after a move, as plain text. */
export function reportOf(run: MoveRun, staying: readonly Staying[], nameOf: (serverId: string) => string, wordsOf: (error: unknown) => string): string {
  const { zone, fromId, toId } = run.plan
  const target = nameOf(toId)
  const count = (units: readonly UnitRun[]) => units.reduce((sum, { unit }) => sum + unit.ips.length, 0)
  const there = count(run.units.filter(({ now }) => now === 'target'))
  const endedAt = run.endedAt ?? run.startedAt
  const texts = words.report
  const lines = [
    texts.title(fromId === undefined ? undefined : nameOf(fromId), target, zone),
    texts.times(at(run.startedAt), at(endedAt)),
    `${words.incomplete(there, count(run.units), target)}.`,
    '',
    ...run.units.map((each) => `${nameOfUnit(each.unit)}: ${placeOf(each, target, nameOf)}`),
    ...staying.map(({ unit, reason }) => `${nameOfUnit(unit)}: ${reason === 'torn' ? words.stays.torn : words.stays[reason](unit.fromId === undefined ? words.none : nameOf(unit.fromId))}`),
    ...(run.readAt === undefined ? [] : ['', texts.readAt(at(run.readAt))]),
  ]
  return plain(`${lines.join('\n')}\n`)

  function placeOf({ unit, now, atId, isOvertaken, later, error }: UnitRun, to: string, name: typeof nameOf): string {
    const place = ((): string => {
      if (later) return `${later.atId === undefined ? words.place[later.place === 'nowhere' ? 'nowhere' : 'inDoubt'] : words.place.target(name(later.atId))} (${words.changedSince})`
      if (isOvertaken && now !== 'target') return `${now === 'nowhere' || now === 'gone' ? words.place[now] : now === 'elsewhere' && atId !== undefined ? words.place.hasIt(name(atId)) : words.overtaken}; ${words.notSent}`
      if (now === 'target') return words.place.target(to)
      if (now === 'source') return words.place.source(unit.fromId === undefined ? words.none : name(unit.fromId))
      if (now === 'inDoubt') return `${words.place.inDoubt}: ${words.either(to)}`
      return now === 'nowhere' || now === 'gone' ? words.place[now] : atId === undefined ? words.place.elsewhere : words.place.hasIt(name(atId))
    })()
    if (now === 'target' || now === 'gone' || error === undefined) return place
    const id = requestIdOf(error)
    return `${place} (${withNames(wordsOf(error), run, nameOf)}${id === undefined ? '' : `; ${strings.forms.requestId(id)}`})`
  }
}

function nameOfUnit({ ips, mac }: Unit): string {
  const addresses = ips.map(({ ipAddress }) => ipAddress).join(', ')
  return ips.length > 1 && mac !== undefined ? `${addresses} (${words.group(mac)})` : addresses
}
