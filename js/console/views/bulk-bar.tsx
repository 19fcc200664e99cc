// The bar of the selection: how many, which of them a filter hides, which MAC group is selected in part.
import type { FlexibleIP } from 'flexip/slim'
import { useMemo } from 'react'
import { select, useSelection } from '../data/selection.js'
import { go } from '../data/url.js'
import { bulkActions } from '../dialogs/bulk-actions.js'
import { Icon } from '../shell/icons.js'
import { useOnline } from '../shell/online.js'
import { strings } from '../strings.js'

export default function BulkBar({ ips, shown }: { readonly ips: readonly FlexibleIP[]; readonly shown: readonly string[] }) {
  const selected = useSelection()
  const chosen = useMemo(() => ips.filter(({ id }) => selected.has(id)), [ips, selected])
  const part = useMemo(() => partOfGroup(chosen, ips, selected), [chosen, ips, selected])
  const visible = useMemo(() => new Set(shown), [shown])
  const hidden = chosen.filter(({ id }) => !visible.has(id)).length
  const isOnline = useOnline()
  return (
    <section className="bulk" aria-label={strings.bulk.label}>
      <span>
        <b>{strings.bulk.selected(chosen.length)}</b>, {strings.bulk.hidden(hidden)}.
      </span>
      {part && (
        <>
          <span className="second">{strings.bulk.group(part.mac.slice(-8), part.missing.length, part.all)}</span>
          <button className="button" type="button" onClick={() => select([...selected, ...part.missing.map(({ id }) => id)], shown)}>
            {strings.bulk.add(part.missing.map(({ ipAddress }) => ipAddress))}
          </button>
        </>
      )}
      {bulkActions.map(({ dialog, text, key }) => (
        <button className="button quiet-button" type="button" key={dialog} disabled={!isOnline} aria-keyshortcuts={key} onClick={() => go({ dialog })}>
          {text}
        </button>
      ))}
      {!isOnline && <span className="second">{strings.offline.changesOff}</span>}
      <button className="button icon-button quiet-button" type="button" onClick={() => select([], shown)} aria-label={strings.bulk.clear}>
        <Icon name="close" />
      </button>
    </section>
  )
}

/** The first MAC group of which only some members are selected. */
function partOfGroup(chosen: readonly FlexibleIP[], ips: readonly FlexibleIP[], selected: ReadonlySet<string>) {
  const seen = new Set<string>()
  for (const { macAddress } of chosen) {
    if (!macAddress || seen.has(macAddress.id)) continue
    seen.add(macAddress.id)
    const group = ips.filter((ip) => ip.macAddress?.id === macAddress.id)
    const missing = group.filter(({ id }) => !selected.has(id))
    if (missing.length > 0) return { mac: macAddress.macAddress, missing, all: group.length }
  }
  return undefined
}
