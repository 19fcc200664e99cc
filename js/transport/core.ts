// The client's WebAssembly module. It takes texts and returns texts.
import wasm from '../../build/client/flexip_bg.wasm'
import { begin, buildRequest, checkAddress, checkSameServer, findIp, forget, initSync, leave, pass, plain, running, settings, sharing, validate, zones } from '../../build/client/flexip.js'
import { type Report, cleanReport, errorOf } from '../errors/report.js'
import { loadLazily } from './load.js'
import type { Redaction } from './redaction.js'

const exports = { begin, buildRequest, checkAddress, checkSameServer, findIp, forget, leave, pass, plain, running, settings, sharing, validate, zones }

/** Gives the module, which is compiled on the first call. */
export const core = /* @__PURE__ */ loadLazily(exports, initSync, wasm)

/** The report in an answer of the core; `undefined` if there is none. */
export function reportIn(answer: string): Report | undefined {
  return answer.startsWith('!') ? (JSON.parse(answer.slice(1)) as Report) : undefined
}

/** Calls the module. Throws the error of a report that it answers with, without the secrets. */
export function callCore(call: (module: typeof exports) => string, redaction: Redaction): string {
  const answer = call(core())
  const report = reportIn(answer)
  if (report) throw errorOf(cleanReport(report, redaction))
  return answer
}
