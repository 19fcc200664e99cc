// What this page is connected to, and how to get to another fleet. A page cannot choose: its server does.
import './connect.css'
import type { ReactNode } from 'react'
import { useFleet, useServers, useStore } from '../data/store.js'
import { CopyButton } from '../shell/copy.js'
import { Icon } from '../shell/icons.js'
import { strings } from '../strings.js'

const words = strings.connect

export default function Connect() {
  const { connection } = useStore()
  const { ips } = useFleet()
  const servers = useServers()
  const isPage = connection.controls !== undefined
  const isPort = !isPage && connection.isEmulated
  const isReal = !connection.isEmulated
  return (
    <div className="page">
      <h1>{words.title}</h1>
      <p className="second">{words.text}</p>
      <ul className="ways">
        {isPage && (
          <Way title={words.page} isHere>
            {words.pageText(ips.length, servers.size)}
          </Way>
        )}
        <Way title={words.account} isHere={isReal} {...(!isReal && { command: words.accountCommand, after: words.accountReal })}>
          {isReal ? words.accountHere : words.accountText}
        </Way>
        <Way title={words.port} isHere={isPort} {...(!isPort && { command: words.portCommand })}>
          {isPort ? words.portHere : words.portText}
        </Way>
        <Way title={words.team} command={words.teamCommand}>
          {words.teamText}
        </Way>
      </ul>
    </div>
  )
}

interface WayProps {
  readonly title: string
  readonly isHere?: boolean
  readonly command?: string
  readonly after?: string
  readonly children: ReactNode
}

function Way({ title, isHere = false, command, after, children }: WayProps) {
  return (
    <li className={isHere ? 'way here' : 'way'}>
      <h2>
        {title}
        {isHere && (
          <span className="way-here">
            <Icon name="check" />
            {words.here}
          </span>
        )}
      </h2>
      <p className="second">{children}</p>
      {command !== undefined && (
        <div className="way-command">
          <pre className="code" tabIndex={0} aria-label={title}>
            {command}
          </pre>
          <CopyButton text={command} label={strings.copy.copy} of={title} />
        </div>
      )}
      {after !== undefined && <p className="second">{after}</p>}
    </li>
  )
}
