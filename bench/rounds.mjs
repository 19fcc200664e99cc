// Times contenders in turn, so that whatever else the machine does falls on all of them.
import { median } from './figure.mjs'

/**
 * Gives the median of the microseconds a call of each contender, an object of async functions.
 * The order rotates from round to round: none always runs after the same other.
 */
export async function microsecondsPerCall(contenders, { warmUpCalls, rounds, callsPerRound }) {
  const names = Object.keys(contenders)
  for (const name of names) await timed(contenders[name], warmUpCalls)
  const times = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]
      times[name].push((await timed(contenders[name], callsPerRound)) / callsPerRound)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])]))
}

async function timed(call, times) {
  const start = performance.now()
  for (let done = 0; done < times; done++) await call()
  return (performance.now() - start) * 1000
}
