// A gateway: it takes its time, and refuses what is too much with a bare 429.

/**
 * Puts a token bucket before `fetch`: it holds `burst` tokens, and gets `perSecond` of them back. A
 * request takes `latencyMs`, refused or not. `counted` says how many were sent and refused.
 */
export function gated(fetch, { latencyMs, perSecond = Infinity, burst = perSecond }) {
  const counted = { sent: 0, refused: 0 }
  let tokens = burst
  let filled = performance.now()
  const taken = () => {
    const now = performance.now()
    tokens = Math.min(burst, tokens + ((now - filled) * perSecond) / 1000)
    filled = now
    if (!(tokens >= 1)) return false
    tokens -= 1
    return true
  }
  const gatedFetch = async (url, init) => {
    counted.sent++
    const passes = perSecond === Infinity || taken()
    if (!passes) counted.refused++
    await new Promise((resolve) => setTimeout(resolve, latencyMs))
    return passes ? fetch(url, init) : new Response('', { status: 429 })
  }
  return { fetch: gatedFetch, counted }
}
