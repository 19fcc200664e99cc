// No address is taken off a server in silence or for nothing; no MAC group loses its address by a move.
import { atRest } from './truth.mjs'

export function checkMove({ world }, call, outcome, violate) {
  const { truth } = world
  const effects = call.requests.flatMap((request) => request.effects)
  const target = call.request.serverId ?? call.request.toServerId
  for (const effect of effects) if (effect.kind === 'macLost') macLost(truth, call, effect, violate)
  const transfers = effects.filter(({ kind }) => kind === 'attach' || kind === 'detach')
  if (call.method === 'failover') for (const transfer of transfers) third(call, transfer, target, violate)
  if (call.method === 'failover') for (const transfer of transfers) unasked(truth, call, transfer, violate)
  if (call.outcome === 'rejected') {
    const moves = call.error?.moves
    for (const { ids, kind, request } of transfers) {
      for (const id of ids) if (!moves?.some(({ fipId }) => fipId === id)) violate('c.unnamed', `${kind} of ${id.slice(0, 8)} by #${request.n}, and the error does not name it: ${outcome}`)
    }
    if (call.error?.name === 'IncompleteError') resumes(truth, call, target, violate)
    for (const move of moves ?? []) report(truth, call, move, target, violate)
  }
  // A detach whose outcome was unknown, and that lands after its flexible IPs arrived.
  for (const { kind, ids, moment, request } of effects) {
    if (kind !== 'detach' || moment < call.settled) continue
    const arrived = ids.find((id) => call.outcome === 'resolved' || call.error?.moves?.some((move) => move.fipId === id && move.arrived))
    if (arrived) violate('c.left by its own detach', `${arrived.slice(0, 8)} arrived, and then #${request.n} was carried out`)
  }
  // What was at rest on a server before, and was taken off it.
  const leaves = transfers.filter(({ kind }) => kind === 'detach')
  if (!leaves.length) return
  if (call.outcome === 'rejected') for (const leave of leaves) returned(truth, call, leave, target, violate)
  const server = truth.servers.get(target)
  // What was attached there when the call read it speaks for the server, also one that was deleted since.
  const seemed = truth.slots.some((slot) => truth.window(slot, call.began, leaves[0].moment).some(({ view }) => view?.server_id === target))
  const gone = !seemed && (server?.zone !== 'fr-par-1' || (server.removedAt ?? Infinity) < call.began)
  const groups = new Set(leaves.map(({ ids }) => ids[0]))
  if (gone && groups.size > 1) violate('c.target unknown', `${groups.size} groups left for a server that is not there`)
  if (gone) putBack(call, leaves[0], outcome, violate)
  if (server?.zone === 'fr-par-1' && !server.removed) room(truth, call, leaves, target, violate)
}

// What was not brought to an end can be resumed, in any process. What is gone, and what a failover found on
// a third server, is not named.
export function resumes(truth, call, target, violate) {
  const { resume, moves } = call.error
  const text = JSON.stringify(resume)
  const existed = (id) => truth.byId.has(id) && truth.window(truth.byId.get(id), call.began, call.settled).every(({ view }) => view !== null)
  const isThird = ({ last }) => call.method === 'failover' && last?.serverId && ![call.request.fromServerId, target].includes(last.serverId)
  // A MAC group of which a third server has a part stays there as a whole.
  const thirdMacs = moves?.filter(isThird).map(({ last }) => last.macAddress?.id).filter(Boolean) ?? []
  const isLeftThere = (move) => isThird(move) || thirdMacs.includes(move.last?.macAddress?.id)
  const left = moves?.filter((move) => !move.arrived && existed(move.fipId) && !isLeftThere(move)) ?? []
  if (!resume && left.length === 0) return
  // A target that is not there cannot be the target of another try.
  if (!resume && moves?.some(({ error }) => error?.code === 'not_found' || / is left there/.test(error?.message))) return
  if (!resume || resume.serverId !== target || resume.zone !== 'fr-par-1') return violate('c.resume', `resume is ${text}`)
  const lacking = left.find(({ fipId }) => !resume.fipsIds?.includes(fipId))
  if (lacking) violate('c.resume', `resume does not name ${lacking.fipId.slice(0, 8)}`)
}

// After a definite refusal of the attach, the group is attached where it came from, or the error says
// where it is.
function putBack(call, leave, outcome, violate) {
  const [id] = leave.ids
  const move = call.error?.moves?.find(({ fipId }) => fipId === id)
  if (call.outcome === 'rejected' && move) return
  violate('c.left on none', `${id.slice(0, 8)} left its server for one that is not there: ${outcome}`)
}

// A definite refusal of an attach: the group is attached where it came from.
function returned(truth, call, leave, target, violate) {
  const { ids, from } = leave
  const attaches = call.requests.filter((request) => request.op === 'attach' && request.sent > leave.moment && ids.some((id) => request.body.fips_ids.includes(id)))
  const last = attaches.at(-1)
  const definite = last && !last.plan.kind && last.answer?.status >= 400 && /"type":"(not_found|quotas_exceeded)"/.test(last.answer.text ?? '')
  if (!definite || last.body.server_id !== target || call.aborted !== undefined || call.settledAt - call.beganAt > call.total - 60_000) return
  const source = truth.servers.get(from[0])
  const moved = ids.some((id) => truth.window(truth.byId.get(id), last.sent, call.settled).some(({ view }) => view === null || view.status !== 'ready'))
  if (source && !source.removed && !moved) violate('c.not put back', `${ids.map((id) => id.slice(0, 8))} left ${from[0].slice(0, 4)}, #${last.n} was refused with ${last.answer.status}, and nothing more was sent for it`)
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

// A failover moves what is on its source, or what it names, and nothing that it remembers.
function unasked(truth, call, { ids, kind, request }, violate) {
  const { fromServerId, fipsIds } = call.request
  if (fipsIds) return
  const during = (id) => truth.window(truth.byId.get(id), call.began, request.sent).map(({ view }) => view).filter(Boolean)
  const onSource = (id) => during(id).some((view) => view.server_id === fromServerId)
  for (const id of ids) {
    if (onSource(id)) continue
    const macs = new Set(during(id).map((view) => view.mac_address?.id).filter(Boolean))
    const ofGroup = truth.slots.some((slot) => onSource(slot.id) && during(slot.id).some((view) => macs.has(view.mac_address?.id)))
    if (!ofGroup) violate('c.not asked for', `${kind} of ${id.slice(0, 8)} by #${request.n}, and it was not on the source during the call`)
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
export function report(truth, call, { fipId, arrived, last }, target, violate) {
  const slot = truth.byId.get(fipId)
  if (!slot) return violate('c.report', `the error names ${fipId}`)
  const views = truth.window(slot, call.began, call.settled).map(({ view }) => view)
  if (arrived && !views.some((view) => view?.server_id === target && view.status === 'attached' && atRest(view))) violate('c.report', `${fipId.slice(0, 8)} is said to have arrived, and never did`)
  if (last && !views.some((view) => view && view.status === last.status && view.server_id === (last.serverId ?? null))) violate('c.report', `${fipId.slice(0, 8)} is said to be ${last.status} on ${last.serverId?.slice(0, 4)}, and never was`)
}
