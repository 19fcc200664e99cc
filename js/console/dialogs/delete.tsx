// Deletes the selection. It names what is lost, has its focus on Cancel, and needs an act that is no reflex.
import type { CallOptions, FlexibleIP } from 'flexip/slim'
import { useState } from 'react'
import { useChosen, useOnly } from '../data/chosen.js'
import { type ConfirmOptions, readConfirmed } from '../data/confirmed.js'
import { afterReading, knownOf } from '../data/failure.js'
import { type Store, useServerName, useStore } from '../data/store.js'
import { foreign } from '../shell/foreign.js'
import { strings } from '../strings.js'
import { Frame, Note } from './frame.js'
import { closeDialog } from './open.js'
import { runJobs, sendConfirmed, useHindranceFor } from './run-jobs.js'

const words = strings.acts

const asShown: ConfirmOptions = { withTexts: true, isAlone: true }

/** Deletes what is as it was confirmed. If it stays unknown whether that was done, a last reading shows what others did. */
async function deleteConfirmed(store: Store, ip: FlexibleIP): Promise<void> {
  const { id: fipId, zone } = ip
  const send = async (call: CallOptions) => {
    await store.client.deleteFlexibleIP({ zone, fipId }, call)
    await store.client.waitUntilDeleted({ zone, fipId })
  }
  try {
    await sendConfirmed(store, [ip], { ...asShown, doubtGoal: 'gone' }, send)
  } catch (error) {
    if (knownOf(error) !== 'inDoubt') throw error
    throw await afterReading(error, () => readConfirmed(store, [ip], asShown))
  }
}

export default function Delete() {
  const chosen = useChosen()
  const only = useOnly()
  const hindrance = useHindranceFor(chosen)
  const store = useStore()
  const nameOf = useServerName()
  const [typed, setTyped] = useState('')
  const [first] = chosen
  const isOne = chosen.length === 1
  const attached = chosen.filter(({ serverId }) => serverId !== undefined).length
  const isConfirmed = isOne || typed.trim() === String(chosen.length)
  const title = isOne && first ? words.deleteOne(first.ipAddress) : words.deleteMany(chosen.length)
  const start = () => {
    const jobs = chosen.map((ip) => ({ ids: [ip.id], label: ip.ipAddress, what: 'delete', send: () => deleteConfirmed(store, ip) }))
    runJobs(isOne && first ? words.deleteActOne(first.ipAddress) : words.deleteActMany(chosen.length), jobs, only !== undefined)
  }
  return (
    <Frame
      size="small"
      isAlert
      title={chosen.length === 0 ? words.nothingSelected : title}
      subtitle={words.deleteText(chosen.length)}
      foot={
        <>
          <span className="reason">{hindrance}</span>
          <button className="button" type="button" autoFocus onClick={closeDialog}>
            {words.cancel}
          </button>
          <button className="button destructive" type="button" disabled={hindrance !== '' || !isConfirmed || chosen.length === 0} onClick={start}>
            {isOne && first ? words.deleteActOne(first.ipAddress) : words.deleteActMany(chosen.length)}
          </button>
        </>
      }
    >
      {attached > 0 && <Note tone="bad">{words.deleteAttached(attached)}</Note>}
      <ul className="results">
        {chosen.map((ip) => (
          <li key={ip.id}>
            <b className="mono">{ip.ipAddress}</b> <span className="quiet">{foreign([ip.description, words.on(ip.serverId === undefined ? undefined : nameOf(ip.serverId)), ...ip.tags].filter((text) => text !== '').join(', '))}</span>
          </li>
        ))}
      </ul>
      {chosen.length > 1 && (
        <label className="form-field">
          {words.typeCount(chosen.length)}
          <input className="input" inputMode="numeric" autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} />
        </label>
      )}
    </Frame>
  )
}
