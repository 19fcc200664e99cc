// Values that are hard to read safely.

export function throwing(): never {
  throw new Error('do not touch')
}

/** A proxy whose every trap throws. */
export function untouchable(target: object = {}): object {
  const traps = Reflect.ownKeys(Reflect).filter((trap) => typeof trap === 'string')
  return new Proxy(target, Object.fromEntries(traps.map((trap) => [trap, throwing])))
}

export function revoked(target: object = {}): object {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

export function cycle(): object {
  const value: Record<string, unknown> = { list: [] }
  value.self = value
  return value
}

/** Anything that can be thrown or handed over, by what it is. */
export const unusualValues: Record<string, unknown> = {
  undefined,
  null: null,
  'an empty string': '',
  'a string': 'thrown',
  zero: 0,
  NaN,
  'a bigint': 10n,
  'a symbol': Symbol('thrown'),
  'a function': () => 'called',
  'an empty object': {},
  'a list': [1, 2],
  'an object without a prototype': Object.create(null),
  'an object that throws when it is read': { get message(): string { return throwing() }, toString: throwing },
  'a proxy that throws': untouchable(),
  'a revoked proxy': revoked(),
  'a revoked function': revoked(() => 0),
  'an object that holds itself': cycle(),
  'a date': new Date(NaN),
}

/** Values that are not options, and options that cannot be read. */
export const hostileOptions: Record<string, unknown> = {
  null: null,
  'a string': 'options',
  'a number': 7,
  'a list': [],
  'a function': () => ({}),
  'a symbol': Symbol('options'),
  'a proxy that throws': untouchable(),
  'a revoked proxy': revoked(),
  'options that throw when they are read': { get headers(): never { return throwing() } },
  'options that hold themselves': cycle(),
}
