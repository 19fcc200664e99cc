// The fields of forms: label, control, hint, and what is wrong beside it.
import { type ReactNode, useId } from 'react'

interface Props {
  readonly label: string
  readonly hint?: string
  /** What is wrong, with the request id if the service said so. */
  readonly problem?: string | undefined
  readonly children: (control: { readonly id: string; readonly 'aria-describedby': string; readonly 'aria-invalid': boolean }) => ReactNode
}

export function Field({ label, hint, problem, children }: Props) {
  const id = useId()
  return (
    <div className={problem === undefined ? 'form-field' : 'form-field wrong'}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': problem !== undefined })}
      <p id={`${id}-about`} className={problem === undefined ? 'quiet' : 'problem'}>
        {problem ?? hint ?? ''}
      </p>
    </div>
  )
}
