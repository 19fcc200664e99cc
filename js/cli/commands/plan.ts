// flexip plan and flexip apply: where flexible IPs should be, from a file.
import { withCommon, withDryRun, withExamples, withYes } from '../common-options.js'
import { confirm } from '../confirm.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readInputFile } from '../input-file.js'
import { writeOutputFile } from '../output-file.js'
import { namesOf } from '../progress.js'
import { refuseLocked } from '../recheck.js'
import { type Register, act } from '../register.js'
import { type Inventory, readInventory } from '../selection.js'
import { type SeenIp, staleness } from '../seen.js'
import { type Server, unreadable } from '../servers.js'
import type { Session } from '../session.js'
import { Stop, wrongArgument } from '../stop.js'
import { visible } from '../table.js'
import { type Noted, isPlan, readPlan, writePlan } from '../topology/plan-file.js'
import { type Change, type Plan, type PlannedIp, makePlan } from '../topology/plan.js'
import { carryOut } from '../topology/steps.js'
import { type Topology, parseTopology } from '../topology/topology.js'

export const registerPlan: Register = (program, io) => {
  const plan = program
    .command('plan')
    .description('Compares a topology file with what there is, and shows the changes that apply would make. It changes nothing.')
    .argument('<topology>', 'YAML file, or - for the standard input')
    .option('--out <file>', 'write the plan to a file for apply')
    .option('--check', 'end with 9 if there is a difference')
  withExamples(withCommon(plan), ['flexip plan topology.yaml', 'what differs'], ['flexip plan topology.yaml --out plan.json && flexip apply plan.json', 'apply what was seen, or nothing'])
  act<{ out?: string; check?: true }>(plan, io, async (session, [file = ''], { out, check }) => {
    if (out === '-') throw wrongArgument('--out needs the name of a file', 'The changes are on the standard output already.')
    const topology = parseTopology(await readText(session, file), file)
    const made = await planOf(session, topology, await wholeInventory(session))
    await show(session, made)
    refuseProblems(made)
    if (out !== undefined) await writeOutputFile(out, withoutKey(session, writePlan(await notedOf(session, made))))
    return check && made.ips.length > 0 ? exitCodes.differs : undefined
  })

  const apply = program
    .command('apply')
    .description('Makes the changes of a plan, or of a topology file after showing them. A plan is refused when anything of it has changed since.')
    .argument('<file>', 'topology file, plan of flexip plan --out, or - for the standard input')
  withExamples(withYes(withDryRun(withCommon(apply))), ['flexip apply topology.yaml', 'shows the changes, and asks'], ['flexip apply plan.json --yes', 'a plan, without a question'])
  act<{ yes?: true; dryRun?: true }>(apply, io, async (session, [file = ''], { yes, dryRun }) => {
    const text = await readText(session, file)
    // What is wrong in the file is refused before anything is sent.
    const plan = isPlan(text) ? readPlan(text, file) : undefined
    const topology = plan ? undefined : parseTopology(text, file)
    const inventory = await wholeInventory(session)
    const noted = plan ?? (await showAndCheck(session, await planOf(session, topology ?? { flexibleIps: [] }, inventory)))
    if (plan) await refuseStale(session, noted, inventory)
    if (plan) refuseLocked(inventory.ips.filter(({ id }) => noted.ips.some((ip) => ip.id === id && ip.changes.length > 0)))
    const planned = noted.ips.filter(({ changes }) => changes.length > 0)
    if (plan && (dryRun || planned.length === 0)) await show(session, { ips: planned })
    if (dryRun || planned.length === 0) return
    const count = planned.flatMap(({ changes }) => changes).length
    await confirm(session, yes, `Make ${count} ${count === 1 ? 'change' : 'changes'} to ${planned.length} flexible ${planned.length === 1 ? 'IP' : 'IPs'}`)
    // The answer can have taken hours, and the first change must not be made when a later one would be refused.
    const now = await wholeInventory(session)
    await refuseStale(session, noted, now)
    return finish(session, planned, await carryOut(session, planned, now.ips))
  })
}

/** A plan is not cleaned, since it would then be another one. */
function withoutKey(session: Session, plan: string): string {
  if (session.io.secrets.clean(plan) === plan) return plan
  throw new Stop(exitCodes.refused, 'the plan would have the secret key in it, and was not written', 'A description, a tag or a reverse repeats the key.')
}

async function finish(session: Session, planned: readonly PlannedIp[], exitCode: ExitCode): Promise<ExitCode> {
  const ids = new Set(planned.map(({ id }) => id))
  const { ips } = await readInventory(session)
  await session.printIps(ips.filter(({ id }) => ids.has(id)))
  return exitCode
}

/** A part of the flexible IPs would make a wrong plan. */
async function wholeInventory(session: Session): Promise<Inventory> {
  const inventory = await readInventory(session)
  if (inventory.failures[0]) throw inventory.failures[0].error
  return inventory
}

async function readText(session: Session, file: string): Promise<string> {
  const read = (signal: AbortSignal) => file === '-' ? session.io.readInput() : readInputFile(file, session.io, signal).catch((error: unknown) => Promise.reject(wrongArgument(`${file} cannot be read: ${messageOf(error)}`)))
  // Windows programs begin a file with this mark.
  return (await session.limited(read, `${file === '-' ? 'the standard input' : file} has not ended`)).replace(/^\uFEFF/, '')
}

async function planOf(session: Session, { flexibleIps: wishes }: Topology, inventory: Inventory): Promise<Plan> {
  const { servers } = await session.connection()
  const names = [...new Set(wishes.flatMap(({ server, owner }) => (owner === undefined && server ? [server] : [])))]
  const ids = new Map(await Promise.all(names.map(async (name) => [name, await servers.find(name)] as const)))
  // An id that no server has would be refused after other changes were made.
  for (const { id, name } of ids.values()) if (name === undefined) await servers.checkId(id)
  return makePlan(wishes, inventory.ips, (name) => ids.get(name) ?? { id: name })
}

async function showAndCheck(session: Session, plan: Plan): Promise<Noted> {
  await show(session, plan)
  refuseProblems(plan)
  return notedOf(session, plan)
}

/** What a plan was made of. Servers that cannot be read, such as those that only ids name, are not in it. */
async function notedOf(session: Session, { ips: changed, unchanged }: Plan): Promise<Noted> {
  const ips = [...changed, ...unchanged]
  const ids = serversOf(ips)
  if (ids.size === 0) return { ips, servers: [] }
  const { servers } = await (await session.connection()).servers.all()
  return { ips, servers: servers.filter(({ id }) => ids.has(id)) }
}

/** The servers that have the flexible IPs of a plan, and those that they go to. */
function serversOf(ips: readonly PlannedIp[]): Set<string> {
  const ids = ips.flatMap(({ seen, changes }) => [seen.serverId, ...changes.flatMap(({ kind, to }) => (kind === 'server' ? [to] : []))])
  return new Set(ids.filter((id) => id !== null))
}

/** What is wrong in the file comes first, then what does not exist, then what a rule refuses. */
const gravity: readonly ExitCode[] = [exitCodes.arguments, exitCodes.notFound, exitCodes.refused]

function refuseProblems({ problems }: Plan): void {
  const [first, ...others] = gravity.flatMap((code) => problems.filter(({ exitCode }) => exitCode === code))
  if (first !== undefined) throw new Stop(first.exitCode, first.message, others.map(({ message }) => message))
}

async function refuseStale(session: Session, { ips: planned, servers: noted }: Noted, { ips }: Inventory): Promise<void> {
  const stale = [...new Set([...staleness(planned, ips), ...staleness(planned.map(beforeChanges), ips)]), ...(noted.length > 0 ? await staleServers(session, noted) : []), ...(await staleTargets(session, planned))]
  if (stale.length > 0) throw new Stop(exitCodes.refused, 'the plan is stale: what it was made of has changed', [...stale, 'Nothing was changed. Make the plan again.'])
}

/** What the changes of a plan begin with: it is shown, and so it must be true. */
function beforeChanges({ id, address, zone, changes }: PlannedIp): SeenIp {
  return { id, address, zone, seen: Object.fromEntries(changes.map(({ kind, from }) => [kind === 'server' ? 'serverId' : kind, from])) }
}

/** Which targets are no servers of the zone. A list that cannot be read does not count. */
async function staleTargets(session: Session, planned: readonly PlannedIp[]): Promise<string[]> {
  const moves = planned.flatMap(({ address, zone, changes }) => changes.flatMap(({ kind, to }) => (kind === 'server' && to !== null ? [{ address, zone, to }] : [])))
  if (moves.length === 0) return []
  const { servers, failures } = await (await session.connection()).servers.all()
  const unread = failures.map(({ zone }) => zone)
  const isKnown = ({ zone, to }: (typeof moves)[number]) => unread.includes(zone) || servers.some((server) => server.id === to && server.zone === zone)
  return moves.filter((move) => !isKnown(move)).map(({ address, zone, to }) => `${address}: there is no server ${to} in ${zone}`)
}

/** What has changed of the servers: a name can belong to another one now. */
async function staleServers(session: Session, noted: readonly Server[]): Promise<string[]> {
  const { servers: known } = await session.connection()
  const { servers, failures } = await known.allNow()
  const unread = failures.filter(({ zone }) => noted.some((server) => server.zone === zone))
  if (unread[0]) throw unreadable(unread[0], unread)
  return noted.flatMap(({ id, name, zone }) => {
    const now = servers.find((server) => server.id === id)
    if (!now) return [`the server ${name} (${id}) is gone`]
    return now.name === name && now.zone === zone ? [] : [`the server ${id} was ${zone}/${name}, and is ${now.zone}/${now.name}`]
  })
}

async function show(session: Session, { ips, leftAlone = [], unnamed = [], problems = [] }: Pick<Plan, 'ips'> & Partial<Plan>): Promise<void> {
  const { json } = session.options
  const idsOf = ({ seen, changes }: PlannedIp) => [seen.serverId, ...changes.flatMap(({ kind, to }) => (kind === 'server' ? [to] : []))]
  const shown = [...ips.flatMap((ip) => idsOf(ip).map((id) => ({ id, zone: ip.zone }))), ...leftAlone.map(({ serverId: id, zone }) => ({ id, zone }))]
  if (!json) await session.readNames(shown.map(({ id, zone }) => ({ serverId: id ?? undefined, zone })))
  const names = await namesOf(session)
  const place = (serverId: string | null) => (serverId === null ? 'no server' : names(serverId))
  for (const { id, zone, address, changes } of ips) {
    for (const change of changes) {
      if (json) session.printObject({ action: 'change', address, fipId: id, zone, field: change.kind, from: change.from, to: change.to })
      else session.print(`${session.style.bold('~')} ${address}: ${describe(change, place)}`)
    }
  }
  for (const { address, serverId } of leftAlone) session.say(`= ${address}: on ${place(serverId)}, left alone: another owner`)
  if (unnamed.length > 0) session.say(`not in the file: ${unnamed.join(', ')}`)
  if (ips.length === 0 && problems.length === 0) session.say('no changes')
}

function describe(change: Change, place: (serverId: string | null) => string): string {
  if (change.kind === 'server') return `server: ${place(change.from)} -> ${place(change.to)}`
  return `${change.kind}: ${visible(JSON.stringify(change.from))} -> ${visible(JSON.stringify(change.to))}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
