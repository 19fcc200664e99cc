// Adds tags to the selection and removes them from it. The tags of each flexible IP are read first.
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import { requestSchemas } from 'flexip/schema'
import type { FlexibleIP, UpdateFlexibleIPRequest } from 'flexip/slim'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { alone, sendAnew } from '../data/anew.js'
import { useChosen } from '../data/chosen.js'
import { readOne } from '../data/confirmed.js'
import { useStore } from '../data/store.js'
import { Frame } from '../dialogs/frame.js'
import { closeDialog } from '../dialogs/open.js'
import { runJobs, useHindranceFor } from '../dialogs/run-jobs.js'
import { strings } from '../strings.js'
import { Field } from './fields.js'
import { problemOf } from './refusal.js'
import { areSame, noTagChange, tagsAfter, TagsInput, typedTags } from './tags.js'

const words = strings.acts
const anyId = '00000000-0000-0000-0000-000000000000'
const { updateFlexibleIP } = requestSchemas({ defaultZone: 'fr-par-1' })

export default function Tag() {
  const store = useStore()
  const { client } = store
  const chosen = useChosen()
  const hindrance = useHindranceFor(chosen)
  const add = useForm<UpdateFlexibleIPRequest>({ mode: 'onChange', resolver: standardSchemaResolver(updateFlexibleIP), defaultValues: { fipId: anyId, tags: [] } })
  const [adding, setAdding] = useState(noTagChange)
  const [removing, setRemoving] = useState(noTagChange)
  // Read in each drawing: the form only follows what the first drawing reads.
  const { errors, isValid } = add.formState
  const added = typedTags(adding.typed)
  const removed = [...removing.removed, ...typedTags(removing.typed)]
  // A text separated by commas cannot name them.
  const notTyped = [...new Set(chosen.flatMap(({ tags }) => tags))].filter((tag) => !areSame(typedTags(tag), [tag]))
  const isReady = hindrance === '' && added.length + removed.length > 0 && isValid
  const change = ({ zone, id, ipAddress }: FlexibleIP) =>
    alone(id, () =>
      sendAnew(store, {
        async prepare() {
          const { tags } = await readOne(store, { zone, id, ipAddress })
          const next = tagsAfter(tags, { removed, typed: adding.typed })
          return areSame(next, tags) ? undefined : next
        },
        send: (tags, call) => client.updateFlexibleIP({ zone, fipId: id, tags }, call),
      }),
    )
  const start = () => runJobs(words.tagTitle(chosen.length), chosen.map((ip) => ({ ids: [ip.id], label: ip.ipAddress, what: 'tag', send: () => change(ip) })))
  return (
    <Frame
      size="small"
      title={words.tagTitle(chosen.length)}
      foot={
        <>
          <span className="reason">{hindrance !== '' ? hindrance : added.length + removed.length === 0 ? words.noTags : ''}</span>
          <button className="button" type="button" onClick={closeDialog}>
            {words.cancel}
          </button>
          <button className="button primary" type="submit" form="tag-form" disabled={!isReady}>
            {words.tagAct(chosen.length)}
          </button>
        </>
      }
    >
      <form
        id="tag-form"
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) start()
        }}
      >
        <Field label={words.addTags} hint={words.tagsHint} problem={problemOf(errors.tags)}>
          {(control) => (
            <TagsInput
              {...control}
              autoFocus
              change={adding}
              onChange={(next) => {
                setAdding(next)
                add.setValue('tags', typedTags(next.typed), { shouldValidate: true })
              }}
            />
          )}
        </Field>
        <Field label={words.removeTags} hint={words.tagsHint}>
          {(control) => <TagsInput {...control} tags={notTyped} change={removing} onChange={setRemoving} />}
        </Field>
      </form>
    </Frame>
  )
}
