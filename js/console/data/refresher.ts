// When a zone is read again because of changes.

/** Changes that come together lead to one reading. */
const settleMs = 150
/** While changes go on coming, a zone is not read for so many times the length of its last reading. */
const restFactor = 3

/** Has a zone read again. A reading under way is not begun anew: the next one follows it. */
export function refresher(read: (zone: string) => Promise<unknown>): (zone: string) => void {
  const states = new Map<string, 'due' | 'reading' | 'again'>()
  const begin = async (zone: string): Promise<void> => {
    states.set(zone, 'reading')
    const from = performance.now()
    await read(zone)
    const tookMs = performance.now() - from
    if (states.get(zone) === 'again') plan(zone, Math.max(settleMs, restFactor * tookMs))
    else states.delete(zone)
  }
  const plan = (zone: string, ms: number): void => {
    states.set(zone, 'due')
    setTimeout(() => void begin(zone), ms)
  }
  return (zone) => {
    const state = states.get(zone)
    if (state === undefined) plan(zone, settleMs)
    else if (state === 'reading') states.set(zone, 'again')
  }
}
