// Measures contenders alternately, so that other load of the machine affects all of them alike.
import { median } from './figure.mjs'

/**
 * Returns the median time of a call, in microseconds, of each contender in an object of async functions.
 * The first contender changes with each round.
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
