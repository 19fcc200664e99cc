// Access to the host of an emulator for the server. The package does not export it.
import type { EmulatorHost } from './host.js'

const hosts = /* @__PURE__ */ new WeakMap<object, EmulatorHost>()

export function registerHost(emulator: object, host: EmulatorHost): void {
  hosts.set(emulator, host)
}

export function hostOf(emulator: object): EmulatorHost {
  const host = hosts.get(emulator)
  if (!host) throw new TypeError('this is not an emulator')
  return host
}
