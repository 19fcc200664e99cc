// Chance that follows from its seed. Each part of a run has a stream of chance for itself, so that a
// run without one of its calls is still much the same run.

/** A stream that follows from the parts: numbers and texts. */
export function random(...parts) {
  let state = 0x811c9dc5
  for (const part of parts) {
    for (const letter of `${part}|`) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193)
  }
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound) => Math.floor(fraction() * bound)
  return {
    fraction,
    below,
    /** A whole number from the first to the last, both included. */
    between: (first, last) => first + below(last - first + 1),
    one: (list) => list[below(list.length)],
    chance: (share) => fraction() < share,
    /** Some different ones of a list. */
    some(list, count) {
      const rest = [...list]
      const chosen = []
      while (chosen.length < count && rest.length) chosen.push(rest.splice(below(rest.length), 1)[0])
      return chosen
    },
    /** A UUID. */
    uuid() {
      const digits = Array.from({ length: 32 }, () => below(16).toString(16)).join('')
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`
    },
  }
}
