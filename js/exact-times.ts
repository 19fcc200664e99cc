// The exact times of the wire, kept out of sight beside the plain object that they belong to.

/** The exact texts of a result's times: up to nanoseconds, of which a `Date` holds milliseconds. */
export interface ExactTimes {
  createdAt: string | undefined
  updatedAt: string | undefined
}

class Itself {
  constructor(object: object) {
    return object
  }
}

/** Private fields on a plain object: a tenth of the cost of hidden properties or of a `WeakMap`. */
class Kept extends Itself {
  #createdAt: string | undefined
  #updatedAt: string | undefined

  constructor(object: object, { createdAt, updatedAt }: ExactTimes) {
    super(object)
    this.#createdAt = createdAt
    this.#updatedAt = updatedAt
  }

  static of(object: object): ExactTimes {
    return #createdAt in object
      ? { createdAt: object.#createdAt, updatedAt: object.#updatedAt }
      : { createdAt: undefined, updatedAt: undefined }
  }
}

/** Keeps the exact times of an object. */
export function keep(object: object, times: ExactTimes): void {
  new Kept(object, times)
}

/**
 * The exact times of a flexible IP or a MAC address that this library gave you, as the service wrote
 * them: nanoseconds in the answer to a write, microseconds in later reads. A copy has none.
 */
export function exactTimes(result: { createdAt?: Date; updatedAt?: Date }): ExactTimes {
  return Kept.of(result)
}
