// The form of one flexible IP: description, tags, reverse. Only what was changed is sent.
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import { flexibleIpKeys } from 'flexip/query'
import { requestSchemas } from 'flexip/schema'
import type { FlexibleIP, UpdateFlexibleIPRequest } from 'flexip/slim'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useForm } from 'react-hook-form'
import { alone, sendAnew } from '../data/anew.js'
import { OvertakenError, readOne } from '../data/confirmed.js'
import { knownOf, requestIdOf } from '../data/failure.js'
import { showFailure } from '../data/bulk.js'
import { useOne } from '../data/chosen.js'
import { noteDoubt, settle } from '../data/row-marks.js'
import { pageSize } from '../data/connection.js'
import { useStore } from '../data/store.js'
import { usePlace } from '../data/url.js'
import { writtenOut } from '../data/written-out.js'
import { Frame, Note } from '../dialogs/frame.js'
import { closeDialog, partsOf } from '../dialogs/open.js'
import { useStillOpen } from '../dialogs/still-open.js'
import { wordsOf } from '../dialogs/words.js'
import { useOnline } from '../shell/online.js'
import { strings } from '../strings.js'
import { DescriptionInput, asBefore } from './description.js'
import { Field } from './fields.js'
import { problemOf, showRefusal, submitOnce } from './refusal.js'
import { SlowDownNote } from './slow-down-note.js'
import { areSame, noTagChange, tagsAfter, TagsInput } from './tags.js'

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
  const store = useStore()
  const { client, cache, connection } = store
  const isOnline = useOnline()
  const [failure, setFailure] = useState<unknown>()
  const isStillOpen = useStillOpen()
  const { id: fipId, zone, description: described, tags: tagged, reverse: reversed } = ip
  const values = useMemo(() => ({ zone, fipId, description: described, tags: [...tagged], reverse: reversed }), [zone, fipId, described, tagged, reversed])
  const { register, handleSubmit, setError, setValue, formState } = useForm<UpdateFlexibleIPRequest>({
    mode: 'onChange',
    resolver: standardSchemaResolver(updateFlexibleIP),
    // What others change meanwhile is shown, but for what is typed already.
    values,
    resetOptions: { keepDirtyValues: true },
  })
  const { errors, dirtyFields, isValid, isSubmitting } = formState
  const [tagChange, setTagChange] = useState(noTagChange)
  useEffect(() => setValue('tags', tagsAfter(tagged, tagChange), { shouldValidate: tagChange !== noTagChange }), [tagged, tagChange])
  const areTagsChanged = !areSame(tagsAfter(tagged, tagChange), tagged)
  const isDirty = Boolean(dirtyFields.description) || Boolean(dirtyFields.reverse) || areTagsChanged
  // What a text field was when the person began to type into it.
  const before = useRef({ description: described, reverse: reversed })
  if (!dirtyFields.description) before.current.description = described
  if (!dirtyFields.reverse) before.current.reverse = reversed
  const overtakenText = (name: 'description' | 'reverse') => (before.current[name] === ip[name] ? undefined : words.overtaken(writtenOut(ip[name] ?? '')))
  const changeOf = (now: FlexibleIP, { description, reverse }: UpdateFlexibleIPRequest): UpdateFlexibleIPRequest => {
    const text = description === undefined ? undefined : asBefore(description, now.description)
    const tags = tagsAfter(now.tags, tagChange)
    return {
      zone,
      fipId,
      ...(dirtyFields.description && text !== undefined && text !== now.description && { description: text }),
      ...(areTagsChanged && !areSame(tags, now.tags) && { tags }),
      ...(dirtyFields.reverse && reverse !== undefined && reverse !== now.reverse && { reverse }),
    }
  }
  const save = async (typed: UpdateFlexibleIPRequest) => {
    setFailure(undefined)
    const send = () =>
      alone(fipId, () =>
        sendAnew(store, {
          async prepare() {
            const now = await readOne(store, ip)
            const change = changeOf(now, typed)
            // What others wrote is shown first: to send would lose it without a word.
            const isOvertaken = (['description', 'reverse'] as const).some((name) => name in change && now[name] !== ip[name])
            if (isOvertaken) store.refresh(zone)
            if (isOvertaken) throw new OvertakenError([{ ipAddress: ip.ipAddress, kind: 'texts' }])
            // Unless the others did the same.
            return Object.keys(change).length > 2 ? change : undefined
          },
          send: (change, call) => client.updateFlexibleIP(change, call),
        }),
      )
    try {
      await send()
      settle([fipId])
      if (isStillOpen()) closeDialog()
    } catch (error) {
      if (!isStillOpen()) {
        showFailure(words.editTitle(ip.ipAddress), { ids: [fipId], label: ip.ipAddress, what: 'change', send }, error)
        return
      }
      if (error instanceof OvertakenError) {
        await cache.invalidateQueries({ queryKey: [...flexibleIpKeys(connection.scope).lists, 'whole', { zone, pageSize }] })
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
      <SlowDownNote isSending={isSubmitting} />
      {failure !== undefined && <Failure error={failure} text={wordsOf(failure, connection)} />}
      <form id="edit-form" className="form" onSubmit={(event) => submitOnce(event, isSubmitting || !isReady, handleSubmit(save))}>
        <Field label={words.description} hint={words.descriptionHint} warning={overtakenText('description')} problem={problemOf(errors.description)}>
          {(attributes) => <DescriptionInput autoFocus={beginsIn === 'description'} {...register('description')} {...attributes} />}
        </Field>
        <Field label={words.tags} hint={words.editTagsHint} problem={problemOf(errors.tags)}>
          {(attributes) => <TagsInput {...attributes} autoFocus={beginsIn === 'tags'} tags={tagged} change={tagChange} onChange={setTagChange} />}
        </Field>
        <Field label={words.reverse} hint={words.reverseHint} warning={overtakenText('reverse')} problem={problemOf(errors.reverse)}>
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
