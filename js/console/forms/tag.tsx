// Adds tags to the selection and removes them from it. The tags of each flexible IP are read first.
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import { requestSchemas } from 'flexip/schema'
import type { FlexibleIP, UpdateFlexibleIPRequest } from 'flexip/slim'
import { Controller, useForm } from 'react-hook-form'
import { useChosen } from '../data/chosen.js'
import { useStore } from '../data/store.js'
import { Frame } from '../dialogs/frame.js'
import { closeDialog } from '../dialogs/open.js'
import { runJobs, useHindranceFor, useMutations } from '../dialogs/run-jobs.js'
import { strings } from '../strings.js'
import { Field } from './fields.js'
import { problemOf } from './refusal.js'
import { TagsInput } from './tags.js'

const words = strings.acts
const anyId = '00000000-0000-0000-0000-000000000000'
const { updateFlexibleIP } = requestSchemas({ defaultZone: 'fr-par-1' })

export default function Tag() {
  const { client } = useStore()
  const chosen = useChosen()
  const hindrance = useHindranceFor(chosen)
  const mutations = useMutations()
  const add = useForm<UpdateFlexibleIPRequest>({ mode: 'onChange', resolver: standardSchemaResolver(updateFlexibleIP), defaultValues: { fipId: anyId, tags: [] } })
  const remove = useForm<{ tags: string[] }>({ defaultValues: { tags: [] } })
  // Read in each drawing: the form only follows what the first drawing reads.
  const { errors, isValid } = add.formState
  const added = [...new Set(add.watch('tags') ?? [])]
  const removed = remove.watch('tags')
  const isReady = hindrance === '' && added.length + removed.length > 0 && isValid
  const change = async ({ zone, id }: FlexibleIP) => {
    const { tags } = await client.getFlexibleIP({ zone, fipId: id })
    const next = [...tags.filter((tag) => !removed.includes(tag)), ...added.filter((tag) => !tags.includes(tag))]
    if (JSON.stringify(next) !== JSON.stringify(tags)) await mutations.update.mutationFn({ zone, fipId: id, tags: next })
  }
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
        <Controller control={add.control} name="tags" render={({ field: { value, onChange } }) => <Field label={words.addTags} hint={words.tagsHint} problem={problemOf(errors.tags)}>{(control) => <TagsInput {...control} autoFocus value={value ?? []} onChange={onChange} />}</Field>} />
        <Controller control={remove.control} name="tags" render={({ field: { value, onChange } }) => <Field label={words.removeTags} hint={words.tagsHint}>{(control) => <TagsInput {...control} value={value} onChange={onChange} />}</Field>} />
      </form>
    </Frame>
  )
}
