// A gateway with latency and a rate limit; it refuses requests over the limit with a 429 without a body.

/**
 * Puts a token bucket before `fetch`. It holds `burst` tokens and gains `perSecond` tokens a second. Each
 * request takes `latencyMs`, also a refused one. `counted` has the numbers of sent and of refused requests.
 */
export function gated(fetch, { latencyMs, perSecond = Infinity, burst = perSecond }) {
  const counted = { sent: 0, refused: 0 }
  let tokens = burst
  let filled = performance.now()
  const takeToken = () => {
    const now = performance.now()
    tokens = Math.min(burst, tokens + ((now - filled) * perSecond) / 1000)
    filled = now
    if (!(tokens >= 1)) return false
    tokens -= 1
    return true
  }
  const gatedFetch = async (url, init) => {
    counted.sent++
    const passes = perSecond === Infinity || takeToken()
    if (!passes) counted.refused++
    await new Promise((resolve) => setTimeout(resolve, latencyMs))
    return passes ? fetch(url, init) : new Response('', { status: 429 })
  }
  return { fetch: gatedFetch, counted }
}
