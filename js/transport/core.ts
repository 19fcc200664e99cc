// The client's WebAssembly module. It takes texts and returns texts.
import wasm from '../../build/client/flexip_bg.wasm'
import { act, initSync } from '../../build/client/flexip.js'
import { type Report, cleanReport, errorOf } from '../errors/report.js'
import { loadLazily } from './load.js'
import type { Redaction } from './redaction.js'

/** The functions of the core, which is one export: `src/wasm/client.rs` has their numbers. No text has the end of a line. */
const exports = {
  settings: (client: number, options: string, sendsUserAgent: boolean) => act(0, client, Number(sendsUserAgent), 0, 0, options),
  plain: (client: number, method: string, request: string, options: string) => act(1, client, 0, 0, 0, lines(method, request, options)),
  sharing: (client: number, method: string, request: string, options: string) => act(2, client, 0, 0, 0, lines(method, request, options)),
  begin: (client: number, method: string, reads: string, request: string, options: string, zone: string, call: number, seed: number, listens: boolean) =>
    act(3, client, call, seed, Number(listens), lines(method, request, options, reads, zone)),
  pass: (call: number, input: string, now: number, tokens: number, successes: number) => act(4, call, tokens, now, successes, input),
  leave: (call: number, timedOutAfterMs: number, unsent: string, now: number) => act(5, call, 0, timedOutAfterMs, now, unsent),
  forget: (call: number) => act(6, call, 0, 0, 0, ''),
  running: () => Number(act(7, 0, 0, 0, 0, '')),
  validate: (operation: string, request: string, options: string) => act(8, 0, 0, 0, 0, lines(operation, request, options)),
  buildRequest: (operation: string, request: string, options: string) => act(9, 0, 0, 0, 0, lines(operation, request, options)),
  checkSameServer: (source: string, destination: string) => act(10, 0, 0, 0, 0, lines(source, destination)),
  zones: () => act(11, 0, 0, 0, 0, ''),
  refuseAddress: (address: string) => act(12, 0, 0, 0, 0, address),
}

function lines(...texts: string[]): string {
  return texts.join('\n')
}

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
