// The virtual MAC address of a flexible IP: its group, and what can be done with it. Each act says first what it will do.
import './ip-mac.css'
import { type CallOptions, type FlexibleIP, checkSameServer, isFlexipError } from 'flexip/slim'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { showFailure } from '../data/bulk.js'
import { knownOf } from '../data/failure.js'
import { noteDoubt, settle } from '../data/row-marks.js'
import { useFleet, useServerName, useStore } from '../data/store.js'
import { go } from '../data/url.js'
import { sendConfirmed } from '../dialogs/run-jobs.js'
import { overtakenOf, overtakenWords } from '../dialogs/words.js'
import { useStillOpen } from '../dialogs/still-open.js'
import { foreign } from '../shell/foreign.js'
import { announce } from '../shell/live.js'
import { Icon } from '../shell/icons.js'
import { useOnline } from '../shell/online.js'
import { strings } from '../strings.js'
import type { TabProps } from './tab-props.js'

const acts = ['generate', 'duplicate', 'move', 'delete'] as const
type Act = (typeof acts)[number]
const types = ['kvm', 'xen', 'vmware'] as const
type MacType = (typeof types)[number]

/** How an act goes on. */
type Progress = { readonly kind: 'idle' } | { readonly kind: 'running'; readonly act: Act } | { readonly kind: 'failed'; readonly text: string; readonly requestId?: string }

export default function MacTab({ ip }: TabProps) {
  const store = useStore()
  const { client } = store
  const { ips } = useFleet()
  const nameOf = useServerName()
  const isOnline = useOnline()
  const isStillOpen = useStillOpen()
  const [opened, setAct] = useState<Act>()
  const [progress, setProgress] = useState<Progress>({ kind: 'idle' })
  const texts = strings.mac
  const mac = ip.macAddress
  const group = useMemo(() => (mac ? ips.filter(({ macAddress }) => macAddress?.id === mac.id) : []), [ips, mac])
  const server = ip.serverId === undefined ? strings.noServer : nameOf(ip.serverId)
  const isRunning = progress.kind === 'running'

  /** Sends a change and waits until the flexible IP is at rest. */
  const run = async (name: Act, send: (call: CallOptions) => Promise<unknown>, waitsFor: string, done: string, other?: FlexibleIP) => {
    const act = async () => {
      await sendConfirmed(store, other ? [ip, other] : [ip], { isAlone: true }, send)
      await client.waitForFlexibleIP({ zone: ip.zone, fipId: waitsFor })
    }
    setProgress({ kind: 'running', act: name })
    setAct(undefined)
    try {
      await act()
      settle([ip.id, waitsFor])
      setProgress({ kind: 'idle' })
      announce(done)
    } catch (error) {
      const isInDoubt = knownOf(error) === 'inDoubt'
      if (isInDoubt) noteDoubt([...new Set([ip.id, waitsFor])])
      if (!isStillOpen()) {
        showFailure(texts.running[name], { ids: [ip.id], label: ip.ipAddress, what: 'MAC', isOnce: true, send: act }, error)
        return
      }
      const overtaken = overtakenOf(error)
      const text = overtaken ? overtakenWords(overtaken, nameOf) : `${strings.failure.known[knownOf(error)]} ${error instanceof Error ? error.message : String(error)}`
      setProgress({ kind: 'failed', text, ...(isFlexipError(error) && error.requestId !== undefined && { requestId: error.requestId }) })
    }
  }
  const request = { zone: ip.zone, fipId: ip.id }
  const close = () => setAct(undefined)
  const reasons: Readonly<Record<Act, string | undefined>> = {
    generate: undefined,
    duplicate: ip.serverId === undefined ? texts.attachFirst : undefined,
    move: mac ? undefined : texts.noMac,
    delete: mac ? undefined : texts.noMac,
  }
  // What others changed meanwhile can make an open act impossible.
  const act = opened !== undefined && reasons[opened] === undefined ? opened : undefined
  return (
    <div className="mac-tab">
      <h3>
        {texts.title} {mac && <span className="quiet">{texts.facts(mac.macType, mac.status)}</span>}
      </h3>
      {mac ? <Group mac={mac.macAddress} members={group} ip={ip} /> : <p className="second">{texts.none(ip.ipAddress)}</p>}
      {isRunning && (
        <p className="status updating" role="status">
          <Icon name="updating" className="turning" />
          {texts.running[progress.act]}
        </p>
      )}
      {progress.kind === 'failed' && (
        <div className="mac-error" role="alert">
          <p>{progress.text}</p>
          {progress.requestId !== undefined && <p className="mono">{progress.requestId}</p>}
        </div>
      )}
      <div className="mac-acts" role="group" aria-label={texts.acts}>
        {acts.map((name) => (
          <button
            className={`button ${name === 'delete' ? 'quiet-button' : ''}`}
            type="button"
            key={name}
            aria-expanded={act === name}
            disabled={!isOnline || isRunning || reasons[name] !== undefined}
            title={reasons[name]}
            onClick={() => setAct(act === name ? undefined : name)}
          >
            {texts.buttons[name]}
          </button>
        ))}
      </div>
      {[...new Set(Object.values(reasons))].map((reason) => reason !== undefined && <p key={reason} className="second">{reason}</p>)}
      {!isOnline && <p className="second">{strings.offline.text}</p>}
      {act === 'generate' && (
        <Generate
          ip={ip}
          groupSize={group.length}
          close={close}
          confirm={(macType) => void run('generate', (call) => client.generateMACAddr({ ...request, macType }, call), ip.id, texts.done.generate(ip.ipAddress))}
        />
      )}
      {act === 'duplicate' && (
        <Duplicate
          ip={ip}
          ips={ips}
          server={server}
          groupSize={group.length}
          close={close}
          confirm={(from) => void run('duplicate', (call) => client.duplicateMACAddr({ ...request, duplicateFromFipId: from.id }, call), ip.id, texts.done.duplicate(ip.ipAddress, from.macAddress?.macAddress ?? ''), from)}
        />
      )}
      {act === 'move' && (
        <Move
          ip={ip}
          ips={ips}
          server={server}
          close={close}
          confirm={(to) => void run('move', (call) => client.moveMACAddr({ ...request, dstFipId: to.id }, call), to.id, texts.done.move(to.ipAddress), to)}
        />
      )}
      {act === 'delete' && mac && (
        <Panel title={texts.deleteTitle(mac.macAddress)}>
          <p>{texts.deletes(ip.ipAddress, mac.macAddress, group.length)}</p>
          <Confirm close={close} isDestructive text={texts.deleteConfirm(mac.macAddress)} confirm={() => void run('delete', (call) => client.deleteMACAddr(request, call), ip.id, texts.done.delete(ip.ipAddress))} />
        </Panel>
      )}
    </div>
  )
}

function Group({ mac, members, ip }: { readonly mac: string; readonly members: readonly FlexibleIP[]; readonly ip: FlexibleIP }) {
  const texts = strings.mac
  return (
    <div className={members.length > 1 ? 'mac-group' : ''}>
      <p>
        <span className="mono">{mac}</span> {members.length > 1 && <span className="quiet">{texts.together(members.length)}</span>}
      </p>
      {members.length > 1 && (
        <ul>
          {members.map((member) => (
            <li key={member.id} className="mac-member">
              <button className="address-link mono" type="button" disabled={member.id === ip.id} onClick={() => go({ ip: member.id, tab: 'mac' })}>
                {member.ipAddress}
              </button>
              <span className="room" />
              <span className="quiet">{member.id === ip.id ? texts.this : foreign(member.description)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Generate({ ip, groupSize, close, confirm }: { readonly ip: FlexibleIP; readonly groupSize: number; readonly close: () => void; readonly confirm: (type: MacType) => void }) {
  const [type, setType] = useState<MacType>('kvm')
  const texts = strings.mac
  return (
    <Panel title={texts.generateTitle}>
      <p>{texts.generates(ip.ipAddress, ip.macAddress?.macAddress, groupSize)}</p>
      <fieldset className="segments">
        <legend className="hidden">{texts.type}</legend>
        {types.map((name) => (
          <label key={name}>
            <input className="hidden" type="radio" name="mac-type" checked={type === name} onChange={() => setType(name)} />
            {texts.types[name]}
          </label>
        ))}
      </fieldset>
      <Confirm close={close} text={texts.generateConfirm} confirm={() => confirm(type)} />
    </Panel>
  )
}

interface ChoosingProps {
  readonly ip: FlexibleIP
  readonly ips: readonly FlexibleIP[]
  readonly server: string
  readonly close: () => void
  readonly confirm: (other: FlexibleIP) => void
}

/** One flexible IP of each MAC address on the same server. */
function Duplicate({ ip, ips, server, groupSize, close, confirm }: ChoosingProps & { readonly groupSize: number }) {
  const texts = strings.mac
  const [chosen, setChosen] = useState('')
  const others = ips.filter(({ id, macAddress }) => id !== ip.id && macAddress !== undefined && macAddress.id !== ip.macAddress?.id)
  const here = others.filter((other) => checkSameServer(other, ip).length === 0)
  const macs = new Map(here.map((other) => [other.macAddress?.id ?? '', here.filter(({ macAddress }) => macAddress?.id === other.macAddress?.id)]))
  const away = new Set(others.filter((other) => !here.includes(other)).map(({ macAddress }) => macAddress?.id)).size
  const source = macs.get(chosen)?.[0]
  return (
    <Panel title={texts.duplicateTitle(server)}>
      {macs.size === 0 && <p>{texts.noCandidate(server)}</p>}
      <Choices label={texts.duplicateTitle(server)} chosen={chosen} choose={setChosen} choices={[...macs].map(([id, members]) => ({ id, main: members[0]?.macAddress?.macAddress ?? '', more: members.map(({ ipAddress }) => ipAddress).join(', ') }))} />
      {away > 0 && <p className="second">{texts.notOffered(away, server)}</p>}
      {source && <p>{texts.duplicates(ip.ipAddress, source.macAddress?.macAddress ?? '', ip.macAddress?.macAddress, groupSize)}</p>}
      <Confirm close={close} text={texts.duplicateConfirm} isDisabled={!source} confirm={() => source && confirm(source)} />
    </Panel>
  )
}

/** The flexible IPs in the same place that have no MAC address. */
function Move({ ip, ips, server, close, confirm }: ChoosingProps) {
  const texts = strings.mac
  const [chosen, setChosen] = useState('')
  const candidates = ips.filter((other) => other.id !== ip.id && other.zone === ip.zone && other.serverId === ip.serverId && other.macAddress === undefined && other.status !== 'locked')
  const target = candidates.find(({ id }) => id === chosen)
  return (
    <Panel title={texts.moveTitle(server)}>
      {candidates.length === 0 && <p>{texts.noTarget(server)}</p>}
      <Choices label={texts.moveTitle(server)} chosen={chosen} choose={setChosen} choices={candidates.map(({ id, ipAddress, description }) => ({ id, main: ipAddress, more: description }))} />
      {target && <p>{texts.moves(ip.ipAddress, ip.macAddress?.macAddress ?? '', target.ipAddress)}</p>}
      <Confirm close={close} text={texts.moveConfirm} isDisabled={!target} confirm={() => target && confirm(target)} />
    </Panel>
  )
}

function Choices({ label, choices, chosen, choose }: { readonly label: string; readonly choices: readonly { readonly id: string; readonly main: string; readonly more: string }[]; readonly chosen: string; readonly choose: (id: string) => void }) {
  if (choices.length === 0) return null
  return (
    <div className="mac-choices" role="radiogroup" aria-label={label}>
      {choices.map(({ id, main, more }) => (
        <label className="option" key={id}>
          <input type="radio" name="mac-choice" checked={chosen === id} onChange={() => choose(id)} />
          <span className="mono">{main}</span> <span className="quiet">{foreign(more)}</span>
        </label>
      ))}
    </div>
  )
}

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="mac-panel" aria-label={title}>
      <h4>{title}</h4>
      {children}
    </section>
  )
}

/** Cancel, and the button that says what happens. A destructive one does not have the focus. */
function Confirm({ text, confirm, close, isDisabled = false, isDestructive = false }: { readonly text: string; readonly confirm: () => void; readonly close: () => void; readonly isDisabled?: boolean; readonly isDestructive?: boolean }) {
  const cancel = useRef<HTMLButtonElement>(null)
  const isOnline = useOnline()
  useEffect(() => {
    if (isDestructive) cancel.current?.focus()
  }, [isDestructive])
  return (
    <div className="mac-confirm">
      <button className="button" type="button" ref={cancel} onClick={close}>
        {strings.mac.cancel}
      </button>
      <button className={`button ${isDestructive ? 'destructive' : 'primary'}`} type="button" disabled={isDisabled || !isOnline} onClick={confirm}>
        {text}
      </button>
    </div>
  )
}
