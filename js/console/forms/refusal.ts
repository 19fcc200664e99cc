// Puts the refusal of the service beside the fields that it names, with its request id.
import type { FormEvent } from 'react'
import type { FieldValues, Path, UseFormSetError } from 'react-hook-form'
import { fieldProblems, requestIdOf } from '../data/failure.js'
import { countSending } from '../data/slow-down.js'
import { writtenOut } from '../data/written-out.js'
import { strings } from '../strings.js'

/** Returns whether every problem has a field of the form. */
export function showRefusal<Values extends FieldValues>(error: unknown, fields: readonly Path<Values>[], setError: UseFormSetError<Values>): boolean {
  const problems = fieldProblems(error)
  const id = requestIdOf(error)
  let areAllShown = problems.length > 0
  for (const { field, message } of problems) {
    const name = fields.find((each) => field === each || field.startsWith(`${each}[`))
    if (name === undefined) areAllShown = false
    else setError(name, { type: 'service', message: id === undefined ? message : `${message} (${strings.forms.requestId(id)})` }, { shouldFocus: true })
  }
  return areAllShown
}

/** What is wrong with a field. Of a list, the first wrong place. */
export function problemOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { message } = error as { readonly message?: unknown }
  if (typeof message === 'string' && message !== '') return writtenOut(message)
  for (const value of Object.values(error)) {
    const inner = problemOf(value)
    if (inner !== undefined) return inner
  }
  return undefined
}

/** Submits a form, unless it is being sent already. */
export function submitOnce(event: FormEvent<HTMLFormElement>, isSending: boolean, submit: (event: FormEvent<HTMLFormElement>) => Promise<void>): void {
  event.preventDefault()
  if (!isSending) void countSending(submit(event))
}
