// Nothing is done more often than reported or in doubt.
import { checkMove, report, resumes } from './moves.mjs'

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
  if (moving.has(call.method)) checkMove(run, call, naming(call), violate)
  if (call.method === 'createAndAttach' && call.error?.name === 'IncompleteError') resumes(run.world.truth, call, call.request.serverId, violate)
  if ([call.error?.name, call.error?.cause?.name].includes('TimeoutError') && !call.requests.length && !call.shared?.length && !call.keyFunction && call.settledAt - call.beganAt < call.total - 20) violate('f.timeout before sending', `${call.settledAt - call.beganAt} ms after the call, total ${call.total}, nothing was sent`)
  if (call.outcome === 'rejected' && call.error?.attempts === 0 && !call.shared?.length && sent.length) violate('b.attempts', `${naming(call)}, and ${sent.length} changes were sent`)
  const certain = ({ plan }) => ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', '429'].includes(plan?.reply)
  if (kind && call.error?.name === 'AmbiguousResultError' && !call.shared?.length && sent.every((request) => certain(request) && request.abandoned === undefined)) violate('b.doubt without reason', `nothing was done by the ${sent.length} changes, and the error is ${naming(call)}`)
  if (call.error?.name === 'AmbiguousResultError' && call.error.retryable && kind === 'create' && !call.options.idempotencyKey) violate('b.retryable', 'a create in doubt is retryable')
}

// A refusal is no absence: permissions flap.
function absence(truth, call, violate) {
  const soon = call.settledAt - call.beganAt < 100_000
  const refused = (error) => ['permissions_denied', 'not_found'].includes(error?.cause?.code ?? error?.code) && / is not there/.test(error.message)
  const there = (id) => truth.byId.has(id) && truth.window(truth.byId.get(id), call.began, call.settled).every(({ view }) => view !== null)
  const { error } = call
  if (error?.name === 'WaitError' && soon && refused(error) && error.last?.status !== 'error' && there(error.fipId)) violate('a.false absence', `${error.fipId.slice(0, 8)} is there throughout: ${error.message.slice(0, 90)}`)
  if (error?.name === 'WaitError' && error.last) report(truth, call, { fipId: error.fipId, last: error.last }, undefined, violate)
  for (const { fipId, error: own } of error?.moves ?? []) if (soon && own?.name === 'WaitError' && refused(own) && there(own.fipId ?? fipId)) violate('a.false absence', `${fipId.slice(0, 8)} is there throughout: ${own.message.slice(0, 90)}`)
}

function changed(run, call, kind, violate) {
  const group = [call, ...(call.shared ?? [])]
  const effects = call.requests.flatMap((request) => request.effects).filter((effect) => effect.kind === kind)
  // What another program deleted before the next one was made cannot be seen any more.
  const { truth } = run.world
  const stands = (effect) => kind !== 'create' || truth.window(truth.byId.get(effect.ids[0]), effect.moment, effects.at(-1).moment - 1).at(-1).lease === effect.leases[0]
  if (onceOnly[call.method] && effects.filter((effect) => effect === effects.at(-1) || stands(effect)).length > 1) violate(`b.${kind} twice`, `${effects.length} times: #${effects.map(({ request }) => request.n).join(', #')}; ${naming(call)}`)
  // A limit of docs/guarantees.md: a key is a tag, and another program can replace the tags.
  const keyOfCall = call.options.idempotencyKey
  const isKeyLost = keyOfCall !== undefined && effects.some(({ ids, moment }) => truth.window(truth.byId.get(ids[0]), moment, Infinity).some(({ view }) => view !== null && !view.tags.includes(`idempotency:${keyOfCall}`)))
  if (call.outcome === 'rejected' && !inDoubt(call) && effects.length && !isKeyLost && !(group.length > 1 && kind === 'create')) violate(`b.${kind} denied`, `${naming(call)}, and it was done by #${effects[0].request.n}`)
  if (kind !== 'create') return
  const { idempotencyKey: key } = call.options
  // With a key, one of another client's at the same time reads the same.
  const maker = run.world.truth.byId.get(call.value?.id)?.versions.findLast(({ lease }) => lease?.madeBy)?.lease.madeBy.from
  const another = key && run.calls.some(({ n, clientNumber }) => n === maker && clientNumber !== call.clientNumber)
  if (call.outcome === 'resolved' && !another && effects.length && effects.every(({ ids }) => ids[0] !== call.value?.id)) violate('b.create unreported', `made ${effects[0].ids[0].slice(0, 8)}, resolved with ${call.value?.id?.slice(0, 8)}`)
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
