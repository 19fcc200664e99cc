// The palette: views, acts, servers and flexible IPs by name. Nothing is sent from here.
import { useState } from 'react'
import { Autocomplete, Collection, Dialog, Header, Input, Menu, MenuItem, MenuSection, Modal, ModalOverlay, SearchField, Text, useFilter } from 'react-aria-components'
import { useChosen } from '../data/chosen.js'
import { useFailing, useFleet, useServerName, useServers, useStore } from '../data/store.js'
import { type View, usePlace, views } from '../data/url.js'
import { bulkActions } from '../dialogs/bulk-actions.js'
import { openFailover } from '../dialogs/open.js'
import { strings } from '../strings.js'
import { foreign } from './foreign.js'
import { Icon, type IconName } from './icons.js'
import { switchSingleKeys, useSingleKeys } from './keys.js'
import { useOnline } from './online.js'
import { showStrip, useStrip } from './strip-state.js'
import { switchTheme } from './theme.js'

interface Command {
  readonly id: string
  readonly icon: IconName
  readonly tone?: string
  readonly text: string
  readonly isMono?: boolean
  /** What stands beside it. */
  readonly more?: string
  /** Further words by which it is found. */
  readonly words?: string
  /** The key that does the same. */
  readonly keys?: string | undefined
  readonly act: () => void
}

const viewKeys: Readonly<Partial<Record<View, string>>> = { ips: 'G I', servers: 'G S', log: 'G L' }

/** More flexible IPs than this are never drawn: a search makes them fewer. */
const drawnMax = 300

export function Palette({ close }: { readonly close: () => void }) {
  const { contains } = useFilter({ sensitivity: 'base' })
  const [input, setInput] = useState('')
  const sections = useSections((text) => contains(text, input))
  const words = strings.palette
  return (
    <ModalOverlay className="scrim" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal>
        <Dialog className="palette" aria-label={words.label}>
          <Autocomplete filter={contains} inputValue={input} onInputChange={setInput}>
            <SearchField aria-label={words.input} autoFocus className="palette-input">
              <Icon name="search" />
              <Input className="input" placeholder={words.input} />
              <kbd aria-hidden="true">Esc</kbd>
            </SearchField>
            <Menu className="options" aria-label={words.label} items={sections} renderEmptyState={() => words.none}>
              {({ id, title, commands }) => (
                <MenuSection id={`section ${id}`}>
                  <Header>{title}</Header>
                  <Collection items={commands}>
                    {({ id: command, icon, tone, text, isMono, more = '', words: further = '', keys, act }) => (
                      <MenuItem
                        id={command}
                        className="option"
                        textValue={`${text} ${more} ${further}`}
                        onAction={() => {
                          close()
                          act()
                        }}
                      >
                        <span className={tone ?? ''}>
                          <Icon name={icon} />
                        </span>
                        <Text slot="label">
                          <span className={isMono ? 'mono' : ''}>{text}</span> <span className="quiet option-more">{foreign(more)}</span>
                          {/* What is seen is part of the name. */}
                          {keys !== undefined && <kbd>{keys}</kbd>}
                        </Text>
                      </MenuItem>
                    )}
                  </Collection>
                </MenuSection>
              )}
            </Menu>
          </Autocomplete>
          <div className="palette-foot" aria-hidden="true">
            {words.keys.map(([key, meaning]) => (
              <span className="wide" key={key}>
                <kbd>{key}</kbd> {meaning}
              </span>
            ))}
            <span className="room" />
            <span>{words.preview}</span>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

interface Section {
  readonly id: string
  readonly title: string
  readonly commands: readonly Command[]
}

function useSections(isWanted: (text: string) => boolean): readonly Section[] {
  const [, go] = usePlace()
  const { connection } = useStore()
  const { ips } = useFleet()
  const nameOf = useServerName()
  const servers = useServers()
  const failing = useFailing()
  const chosen = useChosen()
  const isOnline = useOnline()
  const isStrip = useStrip()
  const isSingle = useSingleKeys()
  const words = strings.palette
  const counts = new Map<string, number>()
  for (const { serverId } of ips) if (serverId !== undefined) counts.set(serverId, (counts.get(serverId) ?? 0) + 1)
  const sorted = [...servers.values()].sort((a, b) => Number(failing.has(b.id)) - Number(failing.has(a.id)) || a.name.localeCompare(b.name))
  const wordsOf = (tags: readonly string[], serverId: string | undefined) => [...tags, serverId === undefined ? '' : nameOf(serverId)].join(' ')
  const wanted = ips.filter(({ ipAddress, description, tags, serverId }) => isWanted(`${words.open(ipAddress)} ${description} ${wordsOf(tags, serverId)}`)).slice(0, drawnMax)
  const sections: readonly Section[] = [
    { id: 'selected', title: words.withSelected(chosen.length), commands: chosen.length === 0 || !isOnline ? [] : bulkActions.map(({ dialog, text, key }) => ({ id: `act ${dialog}`, icon: 'ips', text, keys: key, act: () => go({ dialog }) })) },
    { id: 'views', title: words.views, commands: views.map((view) => ({ id: `view ${view}`, icon: view, text: words.goTo(strings.views[view]), keys: viewKeys[view], act: () => go({ view, ip: '', dialog: '' }) })) },
    {
      id: 'acts',
      title: words.acts,
      commands: [
        { id: 'create', icon: 'plus', text: strings.forms.create, act: () => go({ view: 'ips', dialog: 'create' }) },
        ...[...failing].map((id): Command => ({ id: `failover ${id}`, icon: 'error', tone: 'bad', text: strings.move.failoverOf(nameOf(id)), act: () => openFailover(id) })),
        { id: 'keys', icon: 'keys', text: words.allKeys, keys: '?', act: () => go({ dialog: 'keys' }) },
        { id: 'single keys', icon: 'keys', text: isSingle ? words.singleOff : words.singleOn, act: () => switchSingleKeys(!isSingle) },
        { id: 'theme', icon: 'theme', text: words.theme, act: switchTheme },
        ...(connection.controls ? [{ id: 'strip', icon: 'plug', text: isStrip ? words.hideStrip : words.showStrip, act: () => showStrip(!isStrip) } as const] : []),
      ],
    },
    {
      id: 'servers',
      title: words.servers,
      commands: sorted.flatMap(({ id, name, zone }): Command[] => {
        const there = counts.get(id) ?? 0
        return [
          { id: `picture ${id}`, icon: 'servers', text: words.showIn(name), more: `${zone}, ${strings.servers.count(there)}`, act: () => go({ view: 'servers', q: name, ip: '' }) },
          ...(there === 0 ? [] : [{ id: `ips ${id}`, icon: 'ips', text: words.showIps(there, name), more: zone, act: () => go({ view: 'ips', server: [id], q: '', ip: '' }) } as const]),
          ...(there === 0 || failing.has(id) ? [] : [{ id: `failover ${id}`, icon: 'detaching', text: strings.move.failoverOf(name), more: zone, act: () => openFailover(id) } as const]),
        ]
      }),
    },
    {
      id: 'ips',
      title: words.ips,
      commands: wanted.map(({ id, ipAddress, status, description, tags, serverId }) => ({
        id,
        icon: status in strings.statuses ? status : 'unknown',
        tone: `status ${status}`,
        text: words.open(ipAddress),
        isMono: true,
        more: description,
        words: wordsOf(tags, serverId),
        act: () => go({ view: 'ips', ip: id, tab: 'overview' }),
      })),
    },
  ]
  return sections.filter(({ commands }) => commands.length > 0)
}
