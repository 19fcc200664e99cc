// A figure of a bench: our number and the other program's, from one run.

/** A figure. `atMost` and `atLeast` are aims for the ratio of our number to the other. */
export function figure({ name, ours, other, unit, atMost, atLeast }) {
  const ratio = ours / other
  const met = (atMost === undefined || ratio <= atMost) && (atLeast === undefined || ratio >= atLeast)
  return { name, ours, other, unit, ratio, ...aimed(atMost, atLeast, 'ratio', met) }
}

/** A figure whose aims are for our number itself, not for the ratio. */
export function bounded({ name, ours, other, unit, atMost, atLeast }) {
  const met = (atMost === undefined || ours <= atMost) && (atLeast === undefined || ours >= atLeast)
  return { name, ours, other, unit, ratio: other === undefined ? undefined : ours / other, ...aimed(atMost, atLeast, 'ours', met) }
}

/** A figure of rounds `[ours, other]` that were measured one after the other. The ratio is the median of those of the rounds. */
export function paired({ name, rounds, unit, atMost }) {
  const ratio = median(rounds.map(([ours, other]) => ours / other))
  return { name, ours: median(rounds.map(([ours]) => ours)), other: median(rounds.map(([, other]) => other)), unit, ratio, ...aimed(atMost, undefined, 'ratio', ratio <= atMost) }
}

function aimed(atMost, atLeast, what, met) {
  if (atMost === undefined && atLeast === undefined) return { aim: undefined, met: undefined }
  return { aim: atMost === undefined ? `${what} ≥ ${atLeast}` : `${what} ≤ ${atMost}`, met }
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
