// npm run test:full [-- step…]: the suites that take long.
import { main } from './run.mjs'
import { runSteps } from './steps.mjs'

const steps = []

await main(() => {
  if (steps.length === 0) console.log('There are no long suites yet.')
  return runSteps(steps, process.argv.slice(2))
})
