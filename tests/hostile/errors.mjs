// Errors speak of their own request and show no secret; nothing is sent after an abort.

const mostNodes = 3000

/** The first place below a value where a secret stands, if there is one. */
export function secretsIn(value, secrets) {
  const seen = new Set()
  const queue = [['', value]]
  while (queue.length && seen.size < mostNodes) {
    const [path, each] = queue.pop()
    if (typeof each === 'string' || typeof each === 'symbol') {
      const text = String(each)
      if (secrets.some((secret) => text.includes(secret))) return path
      continue
    }
    if (each === null || (typeof each !== 'object' && typeof each !== 'function') || seen.has(each)) continue
    seen.add(each)
    let count = 0
    for (let level = each; level && level !== Object.prototype && level !== Function.prototype; level = Object.getPrototypeOf(level)) {
      for (const key of Reflect.ownKeys(level)) {
        if (typeof key === 'string') queue.push([`${path} (a key)`, key])
        try { queue.push([`${path}.${String(key)}`, each[key]]) } catch { /* a getter that throws shows nothing */ }
        if (++count > 300) break
      }
    }
    if (typeof each[Symbol.iterator] === 'function') {
      try { for (const entry of each) { queue.push([`${path}[…]`, entry]); if (++count > 600) break } } catch { /* what cannot be iterated over shows nothing */ }
    }
  }
}

const equal = (a, b) => a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
}

function parsed(text) {
  try { return JSON.parse(text) } catch { return undefined }
}

export function checkErrors(run, call, violate) {
  aborted(run, call, violate)
  const { keys } = run.world
  if (call.outcome === 'resolved') {
    for (const { error } of call.value?.failures ?? []) speaks(run, call, error, 'failures', violate)
    return
  }
  const { error } = call
  if (error === call.reason && call.reason !== undefined) return
  if (!run.package_.isFlexipError(error)) return violate('f.foreign error', `${error?.name}: ${error?.message}`)
  const place = secretsIn(error, keys.old)
  if (place !== undefined) violate('g.secret in an error', `${error.name}${place}`)
  speaks(run, call, error, error.name, violate)
}

function speaks(run, call, error, path, violate, depth = 0) {
  if (!run.package_.isFlexipError(error) || depth > 6) return
  const requests = [call, ...(call.shared ?? [])].flatMap((each) => each.requests)
  const { method, url, status, requestId, body } = error
  if (url !== undefined || status !== undefined || requestId !== undefined) {
    const about = requests.filter((request) => (url === undefined || request.url === url) && (method === undefined || request.method === method))
    const unsent = error.attempts === 0 && status === undefined && requestId === undefined
    // A request that failed before it was sent is named too: the network refused it, or no slot was free.
    const failed = status === undefined && requestId === undefined && /not sent|no answer/.test(error.message)
    if (!about.length && !failed) violate(unsent ? 'e.url of an unsent request' : 'e.request', `${path}: ${method} ${run.world.short(String(url)).slice(-60)} is not of this call`)
    else if (status !== undefined || requestId !== undefined) {
      const fits = about.some(({ answer }) => answer && (status === undefined || answer.status === status) && (requestId === undefined || answer.requestId === requestId) && (body === undefined || equal(parsed(answer.text), body) || answer.text === body))
      if (!fits) violate('e.facts', `${path}: ${method} ${run.world.short(String(url)).slice(-40)}, status ${status}, request id ${requestId}, body ${JSON.stringify(body)?.slice(0, 60)}: no such exchange`)
    }
  }
  if (error.cause !== undefined) speaks(run, call, error.cause, `${path}.cause`, violate, depth + 1)
  for (const move of Array.isArray(error.moves) ? error.moves : []) if (move.error) speaks(run, call, move.error, `${path}.moves.error`, violate, depth + 1)
}

function aborted(run, call, violate) {
  if (call.aborted === undefined) return
  // A request that is shared by an idempotency key goes on for the others.
  if (!call.shared?.length) {
    const after = call.requests.find(({ sent }) => sent > call.aborted)
    if (after) violate('d.sent after the abort', `#${after.n} ${after.method} ${run.world.short(after.path)}`)
  }
  if (call.outcome === 'resolved') return
  const changed = call.requests.some(({ effects }) => effects.length)
  const flow = ['ensure', 'failover', 'createAndAttach'].includes(call.method)
  if (flow && changed && call.error === call.reason) violate('d.abort without report', `${call.method} has changed something, and rejects with the bare reason`)
  if (call.error !== call.reason && !(flow && call.error?.code === 'aborted') && !call.shared?.length) violate('d.reason', `aborted, and rejects with ${call.error?.name}`)
}
