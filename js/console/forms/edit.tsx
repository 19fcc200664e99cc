// The form of one flexible IP: description, tags, reverse. Only what was changed is sent.
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import { requestSchemas } from 'flexip/schema'
import type { FlexibleIP, UpdateFlexibleIPRequest } from 'flexip/slim'
import { useMemo, useRef, useState } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { knownOf, requestIdOf } from '../data/failure.js'
import { showFailure } from '../data/bulk.js'
import { useOne } from '../data/chosen.js'
import { noteDoubt, settle } from '../data/row-marks.js'
import { useStore } from '../data/store.js'
import { usePlace } from '../data/url.js'
import { Frame, Note } from '../dialogs/frame.js'
import { closeDialog, partsOf } from '../dialogs/open.js'
import { useMutations } from '../dialogs/run-jobs.js'
import { useStillOpen } from '../dialogs/still-open.js'
import { wordsOf } from '../dialogs/words.js'
import { useOnline } from '../shell/online.js'
import { strings } from '../strings.js'
import { DescriptionInput, asBefore } from './description.js'
import { Field } from './fields.js'
import { problemOf, showRefusal, submitOnce } from './refusal.js'
import { TagsInput } from './tags.js'

const words = strings.forms
const { updateFlexibleIP } = requestSchemas()

export default function Edit() {
  const [{ dialog, ip: open }] = usePlace()
  const [subject = '', field] = partsOf(dialog)[1].split(':')
  const fipId = subject || open
  const one = useOne(fipId)
  // What was typed outlives the flexible IP.
  const last = useRef<FlexibleIP>(undefined)
  if (typeof one !== 'string') last.current = one
  const ip = last.current?.id === fipId ? last.current : undefined
  if (ip) return <EditForm ip={ip} key={ip.id} isGone={one === 'gone'} beginsIn={field === 'tags' ? 'tags' : 'description'} />
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
      <p>{words[typeof one === 'string' ? one : 'gone']}</p>
    </Frame>
  )
}

function EditForm({ ip, isGone, beginsIn }: { readonly ip: FlexibleIP; readonly isGone: boolean; readonly beginsIn: 'description' | 'tags' }) {
  const { connection } = useStore()
  const isOnline = useOnline()
  const mutations = useMutations()
  const [failure, setFailure] = useState<unknown>()
  const isStillOpen = useStillOpen()
  const { id: fipId, zone, description: described, tags: tagged, reverse: reversed } = ip
  const values = useMemo(() => ({ zone, fipId, description: described, tags: [...tagged], reverse: reversed }), [zone, fipId, described, tagged, reversed])
  const { register, control, handleSubmit, setError, formState } = useForm<UpdateFlexibleIPRequest>({
    mode: 'onChange',
    resolver: standardSchemaResolver(updateFlexibleIP),
    // What others change meanwhile is shown, but for what is typed already.
    values,
    resetOptions: { keepDirtyValues: true },
  })
  const { errors, dirtyFields, isDirty, isValid, isSubmitting } = formState
  const save = async ({ description, tags, reverse }: UpdateFlexibleIPRequest) => {
    setFailure(undefined)
    const change = {
      zone,
      fipId,
      ...(dirtyFields.description && description !== undefined && { description: asBefore(description, described) }),
      ...(dirtyFields.tags && tags !== undefined && { tags }),
      ...(dirtyFields.reverse && reverse !== undefined && { reverse }),
    }
    const send = () => mutations.update.mutationFn(change)
    try {
      await send()
      settle([fipId])
      if (isStillOpen()) closeDialog()
    } catch (error) {
      if (!isStillOpen()) {
        showFailure(words.editTitle(ip.ipAddress), { ids: [fipId], label: ip.ipAddress, what: 'change', send }, error)
        return
      }
      if (showRefusal<UpdateFlexibleIPRequest>(error, ['description', 'tags', 'reverse'], setError)) return
      if (knownOf(error) === 'inDoubt') noteDoubt([fipId])
      setFailure(error)
    }
  }
  // A button that is disabled while it is pressed would lose the focus.
  const isReady = isOnline && isDirty && isValid && !isGone
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
      {isGone && <Note tone="warn">{words.goneMeanwhile}</Note>}
      {failure !== undefined && <Failure error={failure} text={wordsOf(failure, connection)} />}
      <form id="edit-form" className="form" onSubmit={(event) => submitOnce(event, isSubmitting, handleSubmit(save))}>
        <Field label={words.description} problem={problemOf(errors.description)}>
          {(attributes) => <DescriptionInput before={described} autoFocus={beginsIn === 'description'} {...register('description')} {...attributes} />}
        </Field>
        <Controller
          control={control}
          name="tags"
          render={({ field: { value, onChange } }) => (
            <Field label={words.tags} hint={words.tagsHint} problem={problemOf(errors.tags)}>
              {(attributes) => <TagsInput {...attributes} autoFocus={beginsIn === 'tags'} value={value ?? []} onChange={onChange} />}
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
