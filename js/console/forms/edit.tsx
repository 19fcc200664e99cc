// The form of one flexible IP: description, tags, reverse. Only what was changed is sent.
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import { requestSchemas } from 'flexip/schema'
import type { FlexibleIP, UpdateFlexibleIPRequest } from 'flexip/slim'
import { useState } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { knownOf, requestIdOf } from '../data/failure.js'
import { noteDoubt, settle } from '../data/row-marks.js'
import { useFleet, useStore } from '../data/store.js'
import { usePlace } from '../data/url.js'
import { Frame, Note } from '../dialogs/frame.js'
import { closeDialog, partsOf } from '../dialogs/open.js'
import { useMutations } from '../dialogs/run-jobs.js'
import { wordsOf } from '../dialogs/words.js'
import { useOnline } from '../shell/online.js'
import { strings } from '../strings.js'
import { Field } from './fields.js'
import { problemOf, showRefusal, submitOnce } from './refusal.js'
import { TagsInput } from './tags.js'

const words = strings.forms
const { updateFlexibleIP } = requestSchemas()

export default function Edit() {
  const [{ dialog, ip: open }] = usePlace()
  const { ips, isLoading } = useFleet()
  const [, subject] = partsOf(dialog)
  const ip = ips.find(({ id }) => id === (subject || open))
  if (ip) return <EditForm ip={ip} key={ip.id} />
  if (isLoading) return null
  return (
    <Frame
      size="small"
      title={words.edit}
      foot={
        <button className="button primary" type="button" onClick={closeDialog}>
          {strings.acts.close}
        </button>
      }
    >
      <p>{words.gone}</p>
    </Frame>
  )
}

function EditForm({ ip }: { readonly ip: FlexibleIP }) {
  const { connection } = useStore()
  const isOnline = useOnline()
  const mutations = useMutations()
  const [failure, setFailure] = useState<unknown>()
  const { id: fipId, zone } = ip
  const { register, control, handleSubmit, setError, formState } = useForm<UpdateFlexibleIPRequest>({
    mode: 'onChange',
    resolver: standardSchemaResolver(updateFlexibleIP),
    defaultValues: { zone, fipId, description: ip.description, tags: [...ip.tags], reverse: ip.reverse },
  })
  const { errors, dirtyFields, isDirty, isValid, isSubmitting } = formState
  const save = async ({ description, tags, reverse }: UpdateFlexibleIPRequest) => {
    setFailure(undefined)
    try {
      await mutations.update.mutationFn({
        zone,
        fipId,
        ...(dirtyFields.description && description !== undefined && { description }),
        ...(dirtyFields.tags && tags !== undefined && { tags }),
        ...(dirtyFields.reverse && reverse !== undefined && { reverse }),
      })
      settle([fipId])
      closeDialog()
    } catch (error) {
      if (showRefusal<UpdateFlexibleIPRequest>(error, ['description', 'tags', 'reverse'], setError)) return
      if (knownOf(error) === 'inDoubt') noteDoubt([fipId])
      setFailure(error)
    }
  }
  // A button that is disabled while it is pressed would lose the focus.
  const isReady = isOnline && isDirty && isValid
  return (
    <Frame
      size="small"
      title={words.editTitle(ip.ipAddress)}
      foot={
        <>
          <span className="reason">{!isOnline ? strings.offline.changesOff : isSubmitting ? words.saving : isDirty ? '' : words.unchanged}</span>
          <button className="button" type="button" onClick={closeDialog}>
            {strings.acts.cancel}
          </button>
          <button className="button primary" type="submit" form="edit-form" disabled={!isReady}>
            {words.save}
          </button>
        </>
      }
    >
      {failure !== undefined && <Failure error={failure} text={wordsOf(failure, connection)} />}
      <form id="edit-form" className="form" onSubmit={(event) => submitOnce(event, isSubmitting, handleSubmit(save))}>
        <Field label={words.description} problem={problemOf(errors.description)}>
          {(attributes) => <input className="input" autoComplete="off" autoFocus {...register('description')} {...attributes} />}
        </Field>
        <Controller
          control={control}
          name="tags"
          render={({ field: { value, onChange } }) => (
            <Field label={words.tags} hint={words.tagsHint} problem={problemOf(errors.tags)}>
              {(attributes) => <TagsInput {...attributes} value={value ?? []} onChange={onChange} />}
            </Field>
          )}
        />
        <Field label={words.reverse} hint={words.reverseHint} problem={problemOf(errors.reverse)}>
          {(attributes) => <input className="input" autoComplete="off" spellCheck={false} {...register('reverse')} {...attributes} />}
        </Field>
      </form>
    </Frame>
  )
}

/** A refusal that names no field of the form: what it means, what is known, the request id. */
export function Failure({ error, text }: { readonly error: unknown; readonly text: string }) {
  const known = knownOf(error)
  const id = requestIdOf(error)
  return (
    <Note tone={known === 'inDoubt' ? 'warn' : 'bad'} title={strings.failure.known[known]}>
      <span role="alert">{text}</span>
      {id !== undefined && <span className="mono note-id">{strings.forms.requestId(id)}</span>}
    </Note>
  )
}
