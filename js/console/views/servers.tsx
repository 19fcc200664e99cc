// The servers with their flexible IPs and MAC groups, a band for each zone.
import './servers.css'
import { useMemo } from 'react'
import { useFailing, useFleet, useServers, useStore } from '../data/store.js'
import { go } from '../data/url.js'
import { strings } from '../strings.js'

export default function Servers() {
  const servers = useServers()
  const { ips } = useFleet()
  const failing = useFailing()
  const { marks } = useStore()
  const zones = useMemo(() => [...new Set([...servers.values()].map(({ zone }) => zone))].sort(), [servers])
  return (
    <div className="picture">
      <h1 className="hidden">{strings.servers.label}</h1>
      {servers.size === 0 && <p className="second">{strings.servers.none}</p>}
      {zones.map((zone) => (
        <section key={zone} aria-label={zone}>
          <h2>{zone}</h2>
          <ul className="cards">
            {[...servers.values()]
              .filter((server) => server.zone === zone)
              .map(({ id, name }) => {
                const there = ips.filter(({ serverId }) => serverId === id)
                const isFailing = failing.has(id)
                return (
                  <li className={`card ${isFailing ? 'bad' : ''}`} key={id}>
                    <p>
                      <b>{name}</b> <span className="quiet">{strings.servers.count(there.length)}</span> {isFailing && <span className="failing">{strings.servers.failing}</span>}
                    </p>
                    <ul>
                      {there.map((ip) => (
                        <li key={ip.id}>
                          <button className="address-link mono" type="button" onClick={() => go({ ip: ip.id, tab: 'overview' })}>
                            {ip.ipAddress}
                          </button>
                        </li>
                      ))}
                    </ul>
                    <button className="button quiet-button" type="button" onClick={() => marks.mark(id, !isFailing)}>
                      {isFailing ? strings.servers.unmark : strings.servers.mark}
                    </button>
                  </li>
                )
              })}
          </ul>
        </section>
      ))}
    </div>
  )
}
