// What the client would refuse of a request, for a dry run that sends nothing.
import type { validate } from '../index.js'
import { wrongArgument } from './stop.js'

/** Throws a `Stop` if the client would refuse the request. */
export function refuseProblems(problems: ReturnType<typeof validate.createFlexibleIP>): void {
  const [first, ...others] = problems.filter(({ severity }) => severity === 'error').map(({ field, helpMessage }) => `${field}: ${helpMessage}`)
  if (first !== undefined) throw wrongArgument(first, others)
}
