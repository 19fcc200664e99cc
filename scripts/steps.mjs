// Runs named steps one after the other, prints a heading and the time of each, and stops at the first failure.
import { Stop } from './run.mjs'

/**
 * `steps` are `[name, function]`. A function that skips its step returns the reason.
 * `names` are the steps to run; without names all steps run.
 */
export async function runSteps(steps, names = []) {
  const unknown = names.filter((name) => !steps.some(([known]) => known === name))
  if (unknown.length > 0) {
    throw new Stop(`No such step: ${unknown.join(', ')}. The steps are: ${steps.map(([name]) => name).join(', ')}.`)
  }
  const chosen = names.length > 0 ? steps.filter(([name]) => names.includes(name)) : steps
  const results = []
  for (const step of chosen) {
    results.push(await runStep(step))
    if (results.at(-1).failed) break
  }
  summarise(results)
}

async function runStep([name, body]) {
  console.log(`\n=== ${name}`)
  const start = Date.now()
  const result = { name }
  try {
    result.skipped = await body()
  } catch (error) {
    result.failed = true
    console.error(error instanceof Stop ? error.message : error)
  }
  const outcome = result.failed ? 'FAILED' : result.skipped ? `skipped: ${result.skipped}` : 'passed'
  console.log(`=== ${name} ${outcome} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  return result
}

function summarise(results) {
  const failed = results.filter((result) => result.failed)
  const skipped = results.filter((result) => result.skipped)
  console.log()
  if (skipped.length > 0) console.log(`skipped: ${skipped.map(({ name }) => name).join(', ')}`)
  if (failed.length > 0) console.log(`failed: ${failed[0].name}; the steps after it did not run`)
  console.log(`${results.length - failed.length - skipped.length} passed, ${failed.length} failed`)
  if (failed.length > 0) process.exitCode = 1
}
