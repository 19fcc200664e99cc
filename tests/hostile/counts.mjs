// Nothing is done more often than reported or in doubt; no address is taken off a server in silence;
// no MAC group loses its address by a move.
import { atRest } from './truth.mjs'

const onceOnly = { create: 'create', createAndAttach: 'create', generate: 'generate', deleteMac: 'deleteMac', duplicate: 'duplicate', move: 'move', delete: 'delete' }
const changes = { ...onceOnly, update: 'update', attach: 'attach', detach: 'detach' }
const reading = new Set(['page', 'all', 'forAwait', 'pages', 'listAllZones', 'get', 'waitOne', 'waitMany', 'waitDeleted', 'findByIp', 'ensureDry', 'failoverDry'])
const moving = new Set(['ensure', 'failover'])

/** Whether an error leaves open what was done. */
function inDoubt(call) {
  const { error } = call
  if (error === call.reason) return true
  return ['AmbiguousResultError', 'IncompleteError'].includes(error?.name) || (call.method === 'createAndAttach' && error?.name === 'WaitError')
}

/** How an error reads in a message. */
const naming = (call) => (call.outcome === 'resolved' ? 'resolved' : call.error === call.reason ? 'the abort' : `${call.error?.name} (attempts ${call.error?.attempts})`)

export function checkCounts(run, call, violate) {
  const sent = call.requests.filter(({ change }) => change)
  if (reading.has(call.method) && sent.length) violate('b.a reading changes', `${sent[0].method} ${sent[0].path}`)
  if (reading.has(call.method) && call.error?.name === 'AmbiguousResultError') violate('b.doubt of a reading', naming(call))
  if (call.outcome === 'rejected') absence(run.world.truth, call, violate)
  const kind = changes[call.method]
  if (kind) changed(run, call, kind, violate)
  if (moving.has(call.method)) moved(run, call, violate)
  if (call.method === 'createAndAttach' && call.error?.name === 'IncompleteError') resumes(call, call.request.serverId, violate)
  if ([call.error?.name, call.error?.cause?.name].includes('TimeoutError') && !call.requests.length && !call.shared?.length && !call.keyFunction && call.settledAt - call.beganAt < call.total - 20) violate('f.timeout before sending', `${call.settledAt - call.beganAt} ms after the call, total ${call.total}, nothing was sent`)
  if (call.outcome === 'rejected' && call.error?.attempts === 0 && !call.shared?.length && sent.length) violate('b.attempts', `${naming(call)}, and ${sent.length} changes were sent`)
  const certain = ({ plan }) => ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', '429'].includes(plan?.reply)
  if (kind && call.error?.name === 'AmbiguousResultError' && !call.shared?.length && sent.every((request) => certain(request) && request.abandoned === undefined)) violate('b.doubt without reason', `nothing was done by the ${sent.length} changes, and the error is ${naming(call)}`)
  if (call.error?.name === 'AmbiguousResultError' && call.error.retryable && kind === 'create' && !call.options.idempotencyKey) violate('b.retryable', 'a create in doubt is retryable')
}

// A refusal is no absence: permissions flap.
function absence(truth, call, violate) {
  const soon = call.settledAt - call.beganAt < 100_000
  const refused = (error) => ['permissions_denied', 'not_found'].includes(error?.cause?.code ?? error?.code)
  const there = (id) => truth.byId.has(id) && truth.window(truth.byId.get(id), call.began, call.settled).every(({ view }) => view !== null)
  const { error } = call
  if (error?.name === 'WaitError' && soon && refused(error) && error.last?.status !== 'error' && there(error.fipId)) violate('a.false absence', `${error.fipId.slice(0, 8)} is there throughout: ${error.message.slice(0, 90)}`)
  if (error?.name === 'WaitError' && error.last) report(truth, call, { fipId: error.fipId, last: error.last }, undefined, violate)
  for (const { fipId, error: own } of error?.moves ?? []) if (soon && own?.name === 'WaitError' && refused(own) && there(fipId)) violate('a.false absence', `${fipId.slice(0, 8)} is there throughout: ${own.message.slice(0, 90)}`)
}

function changed(run, call, kind, violate) {
  const group = [call, ...(call.shared ?? [])]
  const effects = call.requests.flatMap((request) => request.effects).filter((effect) => effect.kind === kind)
  if (onceOnly[call.method] && effects.length > 1) violate(`b.${kind} twice`, `${effects.length} times: #${effects.map(({ request }) => request.n).join(', #')}; ${naming(call)}`)
  if (call.outcome === 'rejected' && !inDoubt(call) && effects.length && !(group.length > 1 && kind === 'create')) violate(`b.${kind} denied`, `${naming(call)}, and it was done by #${effects[0].request.n}`)
  if (kind !== 'create') return
  if (call.outcome === 'resolved' && effects.length && effects.every(({ ids }) => ids[0] !== call.value?.id)) violate('b.create unreported', `made ${effects[0].ids[0].slice(0, 8)}, resolved with ${call.value?.id?.slice(0, 8)}`)
  const { idempotencyKey: key } = call.options
  if (key) for (const effect of effects) keyed(run, call, effect, `idempotency:${key}`, violate)
}

// A create with a key, though a flexible IP with that key and those facts existed throughout the call,
// or was made by a call of this client that was under way at the same time.
function keyed({ world: { truth } }, call, effect, tag, violate) {
  const made = truth.byId.get(effect.ids[0]), view = truth.window(made, effect.moment, effect.moment + 1).at(-1).view
  for (const slot of truth.slots) {
    if (slot === made || slot.zone !== made.zone || slot.isIpv6 !== made.isIpv6) continue
    const carries = ({ view: each }) => each !== null && each.status !== 'detaching' && each.tags.includes(tag) && each.project_id === (view?.project_id ?? effect.leases[0].project)
    const versions = truth.window(slot, call.began, effect.moment)
    if (versions.every(carries)) violate('b.key ignored', `ip${slot.n} carries ${tag} throughout, and ip${made.n} was made`)
    const other = versions.at(-1).lease?.madeBy
    if (carries(versions.at(-1)) && call.shared?.some(({ n }) => n === other?.from)) violate('b.key twice at once', `#${other.n} and #${effect.request.n} made two with ${tag}`)
  }
}

function moved({ world }, call, violate) {
  const { truth } = world
  const effects = call.requests.flatMap((request) => request.effects)
  const target = call.request.serverId ?? call.request.toServerId
  for (const effect of effects) if (effect.kind === 'macLost') macLost(truth, call, effect, violate)
  const transfers = effects.filter(({ kind }) => kind === 'attach' || kind === 'detach')
  if (call.method === 'failover') for (const transfer of transfers) third(call, transfer, target, violate)
  if (call.outcome === 'rejected') {
    const moves = call.error?.moves
    for (const { ids, kind, request } of transfers) {
      for (const id of ids) if (!moves?.some(({ fipId }) => fipId === id)) violate('c.unnamed', `${kind} of ${id.slice(0, 8)} by #${request.n}, and the error does not name it: ${naming(call)}`)
    }
    if (call.error?.name === 'IncompleteError') resumes(call, target, violate)
    for (const move of moves ?? []) report(truth, call, move, target, violate)
  }
  // What was at rest on a server before, and was taken off it.
  const leaves = transfers.filter(({ kind }) => kind === 'detach')
  if (!leaves.length) return
  const server = truth.servers.get(target)
  // What was attached there when the call read it speaks for the server, also one that was deleted since.
  const seemed = truth.slots.some((slot) => truth.window(slot, call.began, leaves[0].moment).some(({ view }) => view?.server_id === target))
  const gone = !seemed && (server?.zone !== 'fr-par-1' || (server.removedAt ?? Infinity) < call.began)
  if (gone && leaves.length > 1) violate('c.target unknown', `${leaves.length} groups left for a server that is not there`)
  if (gone) putBack(truth, call, leaves[0], violate)
  if (server?.zone === 'fr-par-1' && !server.removed) room(truth, call, leaves, target, violate)
}

// What was not brought to an end can be resumed, in any process.
function resumes(call, target, violate) {
  const { resume, moves } = call.error
  const text = JSON.stringify(resume)
  if (!resume || resume.serverId !== target || resume.zone !== 'fr-par-1') return violate('c.resume', `resume is ${text}`)
  const lacking = moves?.find(({ fipId, arrived }) => !arrived && !resume.fipsIds?.includes(fipId))
  if (lacking) violate('c.resume', `resume does not name ${lacking.fipId.slice(0, 8)}`)
}

// After a definite refusal of the attach, the group is attached where it came from, or the error says
// where it is.
function putBack(truth, call, leave, violate) {
  const [id] = leave.ids
  const move = call.error?.moves?.find(({ fipId }) => fipId === id)
  if (call.outcome === 'rejected' && move) return
  violate('c.left on none', `${id.slice(0, 8)} left its server for one that is not there: ${naming(call)}`)
}

// The target was full throughout the call for what was to come.
function room(truth, call, leaves, target, violate) {
  const there = truth.slots.filter((slot) => truth.window(slot, call.began, call.settled).every(({ view }) => view?.server_id === target && view.status === 'attached'))
  const { fipsIds, fromServerId } = call.request
  const coming = truth.slots.filter((slot) => !there.includes(slot) && (fipsIds ? fipsIds.includes(slot.id) : truth.window(slot, call.began, leaves[0].moment - 1).every(({ view }) => view?.server_id === fromServerId)))
  const existing = coming.filter((slot) => truth.window(slot, call.began, leaves[0].moment).every(({ view }) => view !== null))
  if (there.length + existing.length > 64) violate('c.target full', `${there.length} there, ${existing.length} to come, and ${leaves.length} groups left`)
}

/** What the call had last read of each flexible IP before a moment, and the reading it was in. */
function readings(call, before) {
  const latest = new Map()
  let read
  for (const each of call.requests) {
    if (!each.read || each.answer?.status !== 200 || each.answer.cut || !(each.ended < before)) continue
    let page
    try { page = JSON.parse(each.answer.text) } catch { continue }
    for (const view of page.flexible_ips ?? [page]) latest.set(view.id, view)
    read = each
  }
  return { latest, read }
}

// A failover takes nothing off a server that it was not asked about.
function third(call, { ids, request, kind }, target, violate) {
  const { latest } = readings(call, request.sent)
  const { fromServerId } = call.request
  for (const id of ids) {
    const server = latest.get(id)?.server_id
    if (server && server !== fromServerId && server !== target) violate('c.third server', `${kind} of ${id.slice(0, 8)} by #${request.n}: it was read on ${server.slice(0, 4)}`)
  }
}

// A move took a part of a group though its own readings showed the rest.
function macLost(truth, call, effect, violate) {
  const { request, mac, group } = effect
  const named = new Set(request.body.fips_ids)
  const rest = group.filter((id) => !named.has(id))
  const { latest, read } = readings(call, request.sent)
  const shown = rest.filter((id) => latest.get(id)?.mac_address?.id === mac.id)
  const servers = new Set(group.map((id) => latest.get(id)?.server_id))
  const unchanged = read && group.every((id) => truth.window(truth.byId.get(id), read.sent, effect.moment - 1).every(({ view }) => view?.mac_address?.id === mac.id))
  const known = effect.ids.some((id) => latest.get(id)?.mac_address?.id === mac.id)
  if ((known && shown.length) || unchanged) violate('c.MAC lost', `#${request.n} took ${[...named].map((id) => id.slice(0, 8))} without ${rest.map((id) => id.slice(0, 8))} of the group${servers.size > 1 ? ', which was read in disagreeing states' : ''}`)
}

// What an error says about one flexible IP.
function report(truth, call, { fipId, arrived, last }, target, violate) {
  const slot = truth.byId.get(fipId)
  if (!slot) return violate('c.report', `the error names ${fipId}`)
  const views = truth.window(slot, call.began, call.settled).map(({ view }) => view)
  if (arrived && !views.some((view) => view?.server_id === target && view.status === 'attached' && atRest(view))) violate('c.report', `${fipId.slice(0, 8)} is said to have arrived, and never did`)
  if (last && !views.some((view) => view && view.status === last.status && view.server_id === (last.serverId ?? null))) violate('c.report', `${fipId.slice(0, 8)} is said to be ${last.status} on ${last.serverId?.slice(0, 4)}, and never was`)
}
