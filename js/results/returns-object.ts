/**
 * Its constructor returns the object that it receives, so that a subclass adds its private fields to that object: a
 * tenth of the cost of hidden properties or of a `WeakMap`.
 */
export class ReturnsObject {
  constructor(object: object) {
    return object
  }
}
