// Gives the selection one description.
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import { requestSchemas } from 'flexip/schema'
import type { UpdateFlexibleIPRequest } from 'flexip/slim'
import { useForm } from 'react-hook-form'
import { useChosen } from '../data/chosen.js'
import { useStore } from '../data/store.js'
import { Frame } from '../dialogs/frame.js'
import { closeDialog } from '../dialogs/open.js'
import { runJobs, sendConfirmed, useHindranceFor } from '../dialogs/run-jobs.js'
import { strings } from '../strings.js'
import { DescriptionInput, asBefore } from './description.js'
import { Field } from './fields.js'
import { problemOf, submitOnce } from './refusal.js'

const words = strings.acts
const anyId = '00000000-0000-0000-0000-000000000000'
const { updateFlexibleIP } = requestSchemas({ defaultZone: 'fr-par-1' })

export default function Describe() {
  const chosen = useChosen()
  const hindrance = useHindranceFor(chosen)
  const store = useStore()
  const [first] = chosen
  const before = chosen.every(({ description }) => description === first?.description) ? (first?.description ?? '') : ''
  const form = useForm<UpdateFlexibleIPRequest>({
    mode: 'onChange',
    resolver: standardSchemaResolver(updateFlexibleIP),
    // The flexible IPs can come after the form: then what they have in common is shown, unless something is typed already.
    resetOptions: { keepDirtyValues: true },
    values: { fipId: anyId, description: before },
  })
  const { register, handleSubmit } = form
  // Read in each drawing: the form only follows what the first drawing reads.
  const { errors, isValid } = form.formState
  const start = ({ description: typed = '' }: UpdateFlexibleIPRequest) => {
    const description = asBefore(typed, before)
    const jobs = chosen.map((ip) => {
      const { id, zone, ipAddress } = ip
      const send = () => sendConfirmed(store, [ip], { onlyDescription: true, isAlone: true, goal: { description } }, (call) => store.client.updateFlexibleIP({ zone, fipId: id, description }, call))
      return { ids: [id], label: ipAddress, what: 'description', send }
    })
    runJobs(words.describeTitle(chosen.length), jobs)
  }
  const isReady = hindrance === '' && isValid
  return (
    <Frame
      size="small"
      title={words.describeTitle(chosen.length)}
      subtitle={words.describeText(chosen.length)}
      foot={
        <>
          <span className="reason">{hindrance}</span>
          <button className="button" type="button" onClick={closeDialog}>
            {words.cancel}
          </button>
          <button className="button primary" type="submit" form="describe-form" disabled={!isReady}>
            {words.describeAct(chosen.length)}
          </button>
        </>
      }
    >
      <form id="describe-form" className="form" onSubmit={(event) => submitOnce(event, !isReady, handleSubmit(start))}>
        <Field label={strings.forms.description} hint={strings.forms.descriptionHint} problem={problemOf(errors.description)}>
          {(control) => <DescriptionInput autoFocus {...register('description')} {...control} />}
        </Field>
      </form>
    </Frame>
  )
}
