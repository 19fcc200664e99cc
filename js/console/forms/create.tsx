// Creates flexible IPs, one or several alike. The first is sent alone: what is wrong with it would be wrong with all.
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import { requestSchemas } from 'flexip/schema'
import type { CreateFlexibleIPRequest, FlexibleIP } from 'flexip/slim'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { type Job, reserveBulk, showFailure } from '../data/bulk.js'
import { zones } from '../data/connection.js'
import { knownOf } from '../data/failure.js'
import { useFailing, useFleet, useServers, useStore } from '../data/store.js'
import { go, parse } from '../data/url.js'
import { Frame, Note } from '../dialogs/frame.js'
import { closeDialog } from '../dialogs/open.js'
import { runJobs, useHindrance, useMutations } from '../dialogs/run-jobs.js'
import { useStillOpen } from '../dialogs/still-open.js'
import { wordsOf } from '../dialogs/words.js'
import { announce } from '../shell/live.js'
import { useOnline } from '../shell/online.js'
import { strings, time } from '../strings.js'
import { Failure } from './edit.js'
import { DescriptionInput } from './description.js'
import { Field } from './fields.js'
import { problemOf, showRefusal, submitOnce } from './refusal.js'
import { SlowDownNote } from './slow-down-note.js'
import { noTagChange, TagsInput, typedTags } from './tags.js'

const words = strings.forms
/** More at once is a mistake more often than a wish. */
const countMax = 50
const { createFlexibleIP } = requestSchemas()

/** A create of which it is unknown whether it was done. */
interface Doubt {
  readonly error: unknown
  /** The flexible IPs that were there before. */
  readonly before: ReadonlySet<string>
}

export default function Create() {
  const { connection, cache } = useStore()
  const { ips, refresh, readAt } = useFleet()
  const servers = useServers()
  const failing = useFailing()
  const isOnline = useOnline()
  const mutations = useMutations()
  const [countText, setCountText] = useState('1')
  const [tagChange, setTagChange] = useState(noTagChange)
  const [failure, setFailure] = useState<unknown>()
  const [doubt, setDoubt] = useState<Doubt>()
  // Of several, those that were created although their answer was lost. The others are still to create.
  const [made, setMade] = useState<readonly string[]>([])
  const projects = useMemo(() => [...new Set([...(connection.projectId === undefined ? [] : [connection.projectId]), ...ips.map(({ projectId }) => projectId)])], [connection, ips])
  const isStillOpen = useStillOpen()
  const { register, control, handleSubmit, setError, resetField, setValue, getValues, watch, formState } = useForm<CreateFlexibleIPRequest>({
    mode: 'onChange',
    resolver: standardSchemaResolver(createFlexibleIP),
    defaultValues: { zone: parse(location.search).zone[0] ?? zones[0], projectId: projects[0] ?? '', description: '', tags: [], isIpv6: false },
  })
  const { errors, isValid, isSubmitting } = formState
  // A Project that is known only from flexible IPs which come after the form.
  const [firstProject] = projects
  useEffect(() => {
    if (firstProject !== undefined && getValues('projectId') === '') setValue('projectId', firstProject, { shouldValidate: true })
  }, [firstProject])
  const zone = watch('zone')
  const count = Number(countText)
  const isCount = Number.isInteger(count) && count >= 1 && count <= countMax

  const create = async (request: CreateFlexibleIPRequest) => {
    setFailure(undefined)
    setDoubt(undefined)
    const before = new Set(ips.map(({ id }) => id))
    const makes = { zone: request.zone, description: request.description ?? '', before }
    const beganAt = Date.now()
    const title = words.createAct(count)
    const labelOf = (made: unknown) => (made as FlexibleIP).ipAddress
    const job = (place: number): Job => ({ ids: [], label: words.nth(place), what: 'create', isOnce: true, makes, labelOf, send: () => mutations.create.mutationFn(request) })
    const others = Array.from({ length: count - 1 }, (_, index) => job(index + 2))
    // The others are sent after the first one, and nothing comes between.
    const release = count > 1 ? reserveBulk(title) : undefined
    if (count > 1 && !release) return
    try {
      const first = await mutations.create.mutationFn(request)
      void cache.invalidateQueries()
      announce(words.created(first.ipAddress))
      if (count === 1) return isStillOpen() ? go({ view: 'ips', ip: first.id, tab: 'overview', dialog: '' }) : undefined
      const jobs: Job[] = [{ ids: [], label: words.nth(1), what: 'create', beganAt, labelOf, send: () => Promise.resolve(first) }, ...others]
      release?.()
      runJobs(title, jobs, true, isStillOpen())
    } catch (error) {
      release?.()
      if (!isStillOpen()) {
        showFailure(title, job(1), error, others)
        return
      }
      if (showRefusal<CreateFlexibleIPRequest>(error, ['zone', 'projectId', 'description', 'tags', 'serverId', 'reverse', 'isIpv6'], setError)) return
      if (knownOf(error) === 'inDoubt') {
        setDoubt({ error, before })
        refresh()
      } else setFailure(error)
    }
  }

  const isIt = (ip: FlexibleIP) => {
    if (!isCount || count === 1) return go({ view: 'ips', ip: ip.id, tab: 'overview', dialog: '' })
    setMade([...made, ip.ipAddress])
    setDoubt(undefined)
    setCountText(String(count - 1))
    announce(words.someMade([...made, ip.ipAddress], count - 1))
  }
  // The button that was pressed is gone: the focus is on the one that creates the rest.
  const submit = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (made.length > 0) submit.current?.focus()
  }, [made])

  const hindrance = useHindrance()
  const reason = isOnline && count === 1 ? '' : hindrance
  // A button that is disabled while it is pressed would lose the focus.
  const isReady = (isSubmitting || reason === '') && isValid && isCount && !doubt
  const serverId = watch('serverId')
  const inZone = [...servers.values()].filter((server) => server.zone === zone)
  return (
    <Frame
      size="small"
      title={words.createTitle}
      subtitle={words.createText}
      foot={
        <>
          <span className="reason">{isSubmitting ? words.saving : reason}</span>
          <button className="button" type="button" onClick={closeDialog}>
            {strings.acts.cancel}
          </button>
          <button ref={submit} className="button primary" type="submit" form="create-form" disabled={!isReady}>
            {isCount ? words.createAct(count) : words.create}
          </button>
        </>
      }
    >
      <SlowDownNote isSending={isSubmitting} />
      {failure !== undefined && <Failure error={failure} text={wordsOf(failure, connection)} />}
      {doubt && <Candidates doubt={doubt} ips={ips} zone={zone} readAt={readAt} refresh={refresh} isIt={isIt} again={() => setDoubt(undefined)} />}
      {made.length > 0 && !doubt && isCount && <Note tone="warn">{words.someMade(made, count)}</Note>}
      <form id="create-form" className="form" onSubmit={(event) => submitOnce(event, isSubmitting || !isReady, handleSubmit(create))}>
        <div className="form-line">
          <Field label={words.count} problem={isCount ? undefined : words.countProblem(countMax)}>
            {(attributes) => <input className="input" inputMode="numeric" autoFocus autoComplete="off" value={countText} onChange={({ target }) => setCountText(target.value)} {...attributes} />}
          </Field>
          <Controller
            control={control}
            name="isIpv6"
            render={({ field: { value, onChange } }) => (
              <Field label={words.kind} problem={problemOf(errors.isIpv6)}>
                {(attributes) => (
                  <select value={value ? 'v6' : 'v4'} onChange={({ target }) => onChange(target.value === 'v6')} {...attributes}>
                    <option value="v4">{words.ipv4}</option>
                    <option value="v6">{words.ipv6}</option>
                  </select>
                )}
              </Field>
            )}
          />
        </div>
        <div className="form-line">
          <Field label={words.zone} problem={problemOf(errors.zone)}>
            {(attributes) => (
              <select {...register('zone', { onChange: () => resetField('serverId') })} {...attributes}>
                {zones.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={words.server} problem={problemOf(errors.serverId)}>
            {(attributes) => (
              <select {...register('serverId', { setValueAs: (value: string) => (value === '' ? undefined : value) })} {...attributes}>
                <option value="">{words.noServer}</option>
                {serverId !== undefined && !inZone.some(({ id }) => id === serverId) && <option value={serverId}>{servers.get(serverId)?.name ?? serverId.slice(0, 8)}</option>}
                {inZone.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {failing.has(id) ? `${name} (${strings.servers.failing})` : name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Field label={words.description} hint={words.descriptionHint} problem={problemOf(errors.description)}>
          {(attributes) => <DescriptionInput {...register('description')} {...attributes} />}
        </Field>
        <Field label={words.tags} hint={words.tagsHint} problem={problemOf(errors.tags)}>
          {(attributes) => (
            <TagsInput
              {...attributes}
              change={tagChange}
              onChange={(next) => {
                setTagChange(next)
                setValue('tags', typedTags(next.typed), { shouldDirty: true, shouldValidate: true })
              }}
            />
          )}
        </Field>
        <Field label={words.project} problem={problemOf(errors.projectId)}>
          {(attributes) => (
            <>
              <input className="input mono" list="projects" autoComplete="off" spellCheck={false} {...register('projectId')} {...attributes} />
              <datalist id="projects">
                {projects.map((id) => (
                  <option key={id} value={id} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </form>
    </Frame>
  )
}

interface CandidatesProps {
  readonly doubt: Doubt
  readonly ips: readonly FlexibleIP[]
  readonly zone: string | undefined
  readonly readAt: number
  readonly refresh: () => void
  readonly isIt: (ip: FlexibleIP) => void
  readonly again: () => void
}

/** What a create of unknown outcome may have made. */
function Candidates({ doubt: { before }, ips, zone, readAt, refresh, isIt, again }: CandidatesProps) {
  const candidates = ips.filter((ip) => ip.zone === zone && !before.has(ip.id))
  return (
    <Note tone="warn" title={words.perhaps}>
      {candidates.length === 0 && <span>{words.noCandidate(time(readAt))}</span>}
      {candidates.map((ip) => (
        <span key={ip.id}>
          {words.candidate(ip.ipAddress, ip.updatedAt ? time(ip.updatedAt) : strings.none)}{' '}
          <button className="button" type="button" onClick={() => isIt(ip)}>
            {words.isIt}
          </button>
        </span>
      ))}
      <span className="note-buttons">
        <button className="button" type="button" onClick={refresh}>
          {words.readAgain}
        </button>
        <button className="button" type="button" onClick={again}>
          {words.notMine}
        </button>
      </span>
    </Note>
  )
}
