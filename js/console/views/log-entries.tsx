// The activity log as a table, the latest first. A row that is chosen shows its attempts, and its request as a command.
import './log.css'
import { Fragment, useMemo, useState } from 'react'
import type { Line } from '../data/export.js'
import { readAddressOf } from '../data/read-addresses.js'
import { useFleet, useServerName, useStore } from '../data/store.js'
import { writtenOut } from '../data/written-out.js'
import { CopyButton } from '../shell/copy.js'
import { Export } from '../shell/export.js'
import { Icon, type IconName } from '../shell/icons.js'
import { strings, time } from '../strings.js'
import { type Names, curlOf, startOfPath, flexipOf, keyVariable } from './log-command.js'
import { type LogRow, type RequestRow, type RowState, isChange, logColumns, stateOf, triesOf } from './log-rows.js'

const drawnMax = 300

const glyphs: Readonly<Record<RowState, IconName>> = { running: 'updating', done: 'check', retried: 'clock', refused: 'error', inDoubt: 'doubt', lost: 'unknown' }

/** The log, of all or of one flexible IP. */
export function Entries({ rows }: { readonly rows: readonly LogRow[] }) {
  const { ips } = useFleet()
  const serverName = useServerName()
  const [onlyChanges, setOnlyChanges] = useState(false)
  const [chosen, setChosen] = useState<number>()
  const texts = strings.log
  const names = useMemo((): Names => {
    const addresses = new Map(ips.map(({ id, ipAddress }) => [id, ipAddress]))
    return { addressOf: (id) => addresses.get(id) ?? readAddressOf(id), serverName }
  }, [ips, serverName])
  const shown = rows.filter((row) => !onlyChanges || isChange(row)).slice(-drawnMax).reverse()
  return (
    <div className="log-part">
      <div className="log-head">
        <fieldset className="segments">
          <legend className="hidden">{texts.filter}</legend>
          {[false, true].map((value) => (
            <label key={String(value)}>
              <input className="hidden" type="radio" name="log-filter" checked={onlyChanges === value} onChange={() => setOnlyChanges(value)} />
              {value ? texts.changes : texts.all}
            </label>
          ))}
        </fieldset>
        <span className="room" />
        <Export name="flexip-log" count={shown.length} columns={logColumns} lines={() => shown.map((row) => lineOf(row, names))} />
      </div>
      {shown.length === 0 ? (
        <p className="second">{texts.empty}</p>
      ) : (
        <table className="log">
          <thead>
            <tr>
              <th scope="col">{texts.at}</th>
              <th scope="col">{texts.what}</th>
              <th scope="col">{texts.result}</th>
              <th scope="col" className="log-time">
                {texts.took}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Fragment key={row.number}>
                <Row row={row} names={names} isChosen={row.number === chosen} choose={() => setChosen(row.number === chosen ? undefined : row.number)} />
                {row.number === chosen && (
                  <tr className="log-detail">
                    <td colSpan={4}>{row.kind === 'request' ? <Detail row={row} names={names} /> : <Named row={row} names={names} />}</td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

function Row({ row, names, isChosen, choose }: { readonly row: LogRow; readonly names: Names; readonly isChosen: boolean; readonly choose: () => void }) {
  const state = stateOf(row)
  return (
    <tr className={isChosen ? 'chosen' : ''}>
      <td className="mono second">{time(row.at)}</td>
      <td>
        <button className="log-what" type="button" aria-expanded={isChosen} onClick={choose}>
          <Icon name={glyphs[state]} className={`log-${state}`} />
          <span>{whatOf(row, names)}</span>
        </button>
      </td>
      <td className="second">{resultOf(row)}</td>
      <td className="log-time second">{tookOf(row)}</td>
    </tr>
  )
}

function Named({ row, names }: { readonly row: LogRow; readonly names: Names }) {
  return <p className="mono second">{row.kind === 'pollFailed' ? writtenOut(row.error) : row.fipsIds.map((id) => names.addressOf(id) ?? id).join(', ')}</p>
}

function Detail({ row, names }: { readonly row: RequestRow; readonly names: Names }) {
  const [isCurl, setCurl] = useState(false)
  const texts = strings.log
  const { upstream } = useStore().connection
  const own = upstream && flexipOf(row, names, upstream)
  const command = upstream && (isCurl || own === undefined ? curlOf(row, upstream) : own)
  return (
    <div className="log-detail-body">
      <p className="mono second">
        {row.method} {pathOf(row.url)}
      </p>
      <ol className="log-attempts">
        {row.attempts.map(({ at, status, outcome, durationMs, requestId, error, delayMs }, index) => (
          <li key={at + index}>
            <span className="mono">{time(at)}</span> {outcome === undefined ? texts.sent : outcome === 'answered' ? texts.answered(status ?? 0) : texts.outcomes[outcome as keyof typeof texts.outcomes]}
            {durationMs !== undefined && ` · ${texts.ms(durationMs)}`}
            {delayMs !== undefined && ` · ${writtenOut(error ?? '')} · ${texts.retry(delayMs)}`}
            {requestId !== undefined && <span className="mono second log-id">{requestId}</span>}
          </li>
        ))}
      </ol>
      {row.body !== undefined && (
        <pre className="code log-body" tabIndex={0} aria-label={texts.body}>
          {writtenOut(row.body)}
        </pre>
      )}
      <div className="log-command-head">
        <b>{texts.command}</b>
        <span className="room" />
        {own !== undefined && (
          <fieldset className="segments">
            <legend className="hidden">{texts.command}</legend>
            {[false, true].map((value) => (
              <label key={String(value)}>
                <input className="hidden" type="radio" name={`log-command-${row.number}`} checked={isCurl === value} onChange={() => setCurl(value)} />
                {value ? 'curl' : 'flexip'}
              </label>
            ))}
          </fieldset>
        )}
        {command !== undefined && <CopyButton text={command} label={strings.copy.copy} of={texts.command} />}
      </div>
      {command !== undefined && (
        <pre className="code log-command" tabIndex={0} aria-label={texts.command}>
          {command}
        </pre>
      )}
      <p className="second">{!upstream ? strings.onlyHere : isCurl || own === undefined ? texts.key(keyVariable(upstream)) : upstream.isEmulator ? texts.knownKey(keyVariable(upstream)) : texts.ownKey(keyVariable(upstream))}</p>
    </div>
  )
}

function whatOf(row: LogRow, names: Names): string {
  const texts = strings.log
  const of = row.fipsIds.map((id) => names.addressOf(id) ?? id.slice(0, 8)).join(', ')
  switch (row.kind) {
    case 'request': {
      const name = texts.operations[row.operation as keyof typeof texts.operations] ?? row.operation
      const serverId = /\/servers\/([\da-f-]{36})/.exec(row.url)?.[1]
      return [name, serverId !== undefined ? names.serverName(serverId) : of === '' ? zoneOf(row.url) : of].join(' ')
    }
    case 'step':
      return texts.step(row.action, of, row.serverId === undefined ? undefined : names.serverName(row.serverId))
    case 'wait':
      return texts.waits(row.pending)
    case 'pollFailed':
      return texts.pollFailed
  }
}

function resultOf(row: LogRow): string {
  const texts = strings.log
  switch (row.kind) {
    case 'request': {
      const { status, outcome, delayMs } = row.attempts.at(-1) ?? {}
      const tries = row.attempts.length > 1 ? ` · ${texts.tries(row.attempts.length)}` : ''
      if (outcome === undefined) return `${texts.sent}${tries}`
      if (delayMs !== undefined) return `${status ?? texts.outcomes[outcome as keyof typeof texts.outcomes]} · ${texts.retry(delayMs)}`
      if (outcome === 'answered') return `${status ?? ''}${row.isDone ? ` · ${texts.readDone}` : ''}${tries}`
      return `${row.isDone ? texts.readDone : stateOf(row) === 'inDoubt' ? texts.inDoubt : texts.outcomes[outcome as keyof typeof texts.outcomes]}${tries}`
    }
    case 'step':
      return texts.progress[row.progress]
    case 'wait':
      return texts.polls(row.polls, row.status)
    case 'pollFailed':
      return row.error
  }
}

function durationOf(row: LogRow): number | undefined {
  if (row.kind === 'request') return row.attempts.every(({ outcome }) => outcome !== undefined) ? row.attempts.reduce((sum, { durationMs = 0, delayMs = 0 }) => sum + durationMs + delayMs, 0) : undefined
  return row.kind === 'pollFailed' || (row.kind === 'step' && row.progress === 'begun') ? undefined : row.elapsedMs
}

function tookOf(row: LogRow): string {
  const ms = durationOf(row)
  return ms === undefined ? '' : strings.log.ms(ms)
}

function zoneOf(url: string): string {
  return /\/zones\/([^/]+)\//.exec(url)?.[1] ?? ''
}

function pathOf(url: string): string {
  return url.slice(startOfPath(url))
}

function lineOf(row: LogRow, names: Names): Line {
  const request = row.kind === 'request' ? row : undefined
  const ms = durationOf(row)
  return {
    at: new Date(row.at).toISOString(),
    what: whatOf(row, names),
    operation: request?.operation,
    method: request?.method,
    url: request && pathOf(request.url),
    result: resultOf(row).replaceAll('\u00a0', ' '),
    attempts: request?.attempts.length,
    durationMs: ms === undefined ? undefined : Math.round(ms),
    requestId: request?.attempts.at(-1)?.requestId,
    ips: row.fipsIds.map((id) => names.addressOf(id) ?? id),
    body: request?.body,
    tries: triesOf(row),
  }
}
