// The fields of forms: label, control, hint, and what is wrong beside it.
import { type ReactNode, useId } from 'react'

interface Props {
  readonly label: string
  readonly hint?: string
  /** What is wrong, with the request id if the service said so. */
  readonly problem?: string | undefined
  /** What a person should know before it is sent. */
  readonly warning?: string | undefined
  readonly children: (control: { readonly id: string; readonly 'aria-describedby': string; readonly 'aria-invalid': boolean }) => ReactNode
}

export function Field({ label, hint, problem, warning, children }: Props) {
  const id = useId()
  return (
    <div className={problem === undefined ? 'form-field' : 'form-field wrong'}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': problem !== undefined })}
      {warning !== undefined && (
        <p className="warning" role="status">
          {warning}
        </p>
      )}
      <p id={`${id}-about`} className={problem === undefined ? 'quiet' : 'problem'}>
        {problem ?? hint ?? ''}
      </p>
    </div>
  )
}
