// The client's WebAssembly module.
import wasm from '../../build/client/flexip_bg.wasm'
import { ClientCore, buildRequest, checkAddress, checkSameServer, findIp, initSync, parseIp, validate, zones } from '../../build/client/flexip.js'
import { type Report, cleanReport, errorOf } from '../errors/report.js'
import { loadLazily } from './load.js'
import type { Redaction } from './redaction.js'

const exports = { ClientCore, buildRequest, checkAddress, checkSameServer, findIp, parseIp, validate, zones }

/** Gives the module, which is compiled on the first call. */
export const core = /* @__PURE__ */ loadLazily(exports, initSync, wasm)

/** Calls the module. Throws the error of the report that it throws, without the secrets. */
export function callCore<T>(call: (module: typeof exports) => T, redaction: Redaction): T {
  const module = core()
  try {
    return call(module)
  } catch (report) {
    throw errorOf(cleanReport(report as Report, redaction))
  }
}
