// A client inside a proxy, such as a reactive one of Vue: a proxy has no private fields.

const self = /* @__PURE__ */ Symbol('self')

/** Lets `unproxied` find this object behind its proxies. */
export function findable(object: object): void {
  // A function: a reactive proxy would give an object inside a further proxy.
  Object.defineProperty(object, self, { value: () => object, configurable: true })
}

/** The object itself, also of a proxy of it. */
export function unproxied<T extends object>(object: T): T {
  return (object as unknown as Readonly<Record<typeof self, () => T>>)[self]()
}
