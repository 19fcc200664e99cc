// The network configuration of a flexible IP, for a system and a role: what to write, how to apply, check and revert it.
// All of it comes from the library's `networkConfig`.
import './ip-network.css'
import { type NetworkConfig, type NetworkRole, type NetworkSystem, networkConfig, networkSystems } from 'flexip/network'
import { useId, useMemo, useState } from 'react'
import { readStored, store } from '../data/storage.js'
import { useFleet } from '../data/store.js'
import { CopyButton } from '../shell/copy.js'
import { strings } from '../strings.js'
import type { TabProps } from './tab-props.js'

const systemKey = 'flexip-network-system'
const roles = ['vm', 'host'] as const

export default function NetworkTab({ ip }: TabProps) {
  const { ips } = useFleet()
  const texts = strings.network
  const mac = ip.macAddress
  const group = useMemo(() => (mac ? ips.filter(({ macAddress }) => macAddress?.id === mac.id) : []), [ips, mac])
  const [role, setRole] = useState<NetworkRole>(mac ? 'vm' : 'host')
  const [system, setSystem] = useState<NetworkSystem>(() => networkSystems.find((name) => name === readStored(systemKey)) ?? 'netplan')
  const [isWhole, setWhole] = useState(true)
  const [nic, setNic] = useState('')
  const [vmId, setVmId] = useState('')
  const [gateway6, setGateway6] = useState('')
  const wanted = isWhole && group.length > 1 ? group : [ip]
  const result = useMemo(() => {
    try {
      return networkConfig(wanted, { system, role, ...(nic !== '' && { interface: nic }), ...(vmId !== '' && { vmId: Number(vmId) }), ...(gateway6 !== '' && { gateway6 }) })
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }, [ips, ip, group, isWhole, system, role, nic, vmId, gateway6])
  const hasIpv6 = wanted.some(({ ipAddress }) => ipAddress.includes(':'))
  const choose = (name: NetworkSystem) => {
    store(systemKey, name)
    setSystem(name)
  }
  return (
    <div className="network-tab">
      <div className="network-options">
        <fieldset className="segments">
          <legend className="hidden">{texts.role}</legend>
          {roles.map((name) => (
            <label key={name}>
              <input className="hidden" type="radio" name="network-role" checked={role === name} onChange={() => setRole(name)} />
              {texts.roles[name]}
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span className="hidden">{texts.system}</span>
          <select value={system} onChange={({ target }) => choose(target.value as NetworkSystem)}>
            {networkSystems.map((name) => (
              <option key={name} value={name}>
                {texts.systems[name]}
              </option>
            ))}
          </select>
        </label>
        {group.length > 1 && (
          <label className="field">
            <span className="hidden">{texts.scope}</span>
            <select value={isWhole ? 'all' : 'one'} onChange={({ target }) => setWhole(target.value === 'all')}>
              <option value="all">{texts.all(group.length)}</option>
              <option value="one">{texts.one}</option>
            </select>
          </label>
        )}
      </div>
      <div className="network-options">
        <Field label={texts.interface} value={nic} set={setNic} />
        {system === 'proxmox' && role === 'vm' && <Field label={texts.vmId} value={vmId} set={setVmId} />}
        {hasIpv6 && role === 'vm' && <Field label={texts.gateway6} value={gateway6} set={setGateway6} />}
      </div>
      {typeof result === 'string' ? (
        <p className="network-problem" role="alert">
          {result}
        </p>
      ) : (
        <Config config={result} />
      )}
    </div>
  )
}

function Field({ label, value, set }: { readonly label: string; readonly value: string; readonly set: (value: string) => void }) {
  const id = useId()
  return (
    <span className="network-field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input mono" autoComplete="off" spellCheck={false} value={value} onChange={({ target }) => set(target.value.trim())} />
    </span>
  )
}

function Config({ config: { files, apply, verify, revert, notes } }: { readonly config: NetworkConfig }) {
  const texts = strings.network
  return (
    <>
      {files.map(({ path, mode, append, content }) => (
        <Code key={path} title={path} isMono note={append ? texts.append(mode) : texts.mode(mode)} text={content} copy={texts.copyFile} />
      ))}
      <Code title={texts.apply} text={apply.join('\n')} copy={strings.copy.copy} />
      <Code title={texts.verify} text={verify.join('\n')} copy={strings.copy.copy} />
      <Code title={texts.revert} text={revert.join('\n')} copy={strings.copy.copy} />
      {notes.length > 0 && (
        <ul className="network-notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  )
}

function Code({ title, text, copy, note, isMono = false }: { readonly title: string; readonly text: string; readonly copy: string; readonly note?: string; readonly isMono?: boolean }) {
  const id = useId()
  return (
    <section className="network-code" aria-labelledby={id}>
      <div className="network-code-head">
        <h3 id={id} className={isMono ? 'mono' : ''}>
          {title}
        </h3>
        {note !== undefined && <span className="quiet">{note}</span>}
        <span className="room" />
        <CopyButton text={text} label={copy} of={title} />
      </div>
      <pre className="code" tabIndex={0} aria-labelledby={id}>
        {text}
      </pre>
    </section>
  )
}
