// Reads a caller's object, whose getters and proxy traps may throw.

/** The result of `read`, or `undefined` if it throws. The core refuses such an object later. */
export function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
