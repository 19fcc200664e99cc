// The client's WebAssembly module.
import wasm from '../build/client/flexip_bg.wasm'
import { ClientCore, buildRequest, checkAddress, checkSameServer, findIp, initSync, parseIp, validate, zones } from '../build/client/flexip.js'
import { type Report, failure } from './errors.js'
import { lazily } from './load.js'

const exports = { ClientCore, buildRequest, checkAddress, checkSameServer, findIp, parseIp, validate, zones }

/** The module, compiled on the first call. */
export const core = /* @__PURE__ */ lazily(exports, initSync, wasm)

/** Calls the module, and makes an error of the report that it throws. */
export function reported<T>(call: (module: typeof exports) => T): T {
  const module = core()
  try {
    return call(module)
  } catch (report) {
    throw failure(report as Report)
  }
}
