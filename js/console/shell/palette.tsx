// The palette: views and flexible IPs by name. Nothing is sent from here.
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField, Text, useFilter } from 'react-aria-components'
import { useFailing, useFleet, useServerName } from '../data/store.js'
import { usePlace, views } from '../data/url.js'
import { openFailover } from '../dialogs/open.js'
import { strings } from '../strings.js'
import { switchTheme } from './theme.js'

interface Command {
  readonly id: string
  readonly text: string
  /** Further words by which it is found. */
  readonly words: string
  readonly act: () => void
}

/** More commands than this are never drawn: a search makes them fewer. */
const drawnMax = 300

export function Palette({ close }: { readonly close: () => void }) {
  const [, go] = usePlace()
  const { ips } = useFleet()
  const nameOf = useServerName()
  const failing = useFailing()
  const { contains } = useFilter({ sensitivity: 'base' })
  const commands: Command[] = [
    ...views.map((view) => ({ id: view, text: strings.palette.goTo(strings.views[view]), words: '', act: () => go({ view, ip: '' }) })),
    { id: 'theme', text: strings.palette.theme, words: '', act: switchTheme },
    { id: 'create', text: strings.forms.create, words: '', act: () => go({ view: 'ips', dialog: 'create' }) },
    ...[...failing].map((id) => ({ id: `failover ${id}`, text: strings.move.failoverOf(nameOf(id)), words: '', act: () => openFailover(id) })),
    ...ips.slice(0, drawnMax).map((ip) => ({
      id: ip.id,
      text: strings.palette.open(ip.ipAddress),
      words: [ip.description, ...ip.tags, ip.serverId === undefined ? '' : nameOf(ip.serverId)].join(' '),
      act: () => go({ view: 'ips', ip: ip.id, tab: 'overview' }),
    })),
  ]
  return (
    <ModalOverlay className="scrim" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal>
        <Dialog className="palette" aria-label={strings.palette.label}>
          <Autocomplete filter={contains}>
            <SearchField aria-label={strings.palette.input} autoFocus>
              <Input className="input" placeholder={strings.palette.input} />
            </SearchField>
            <Menu className="options" aria-label={strings.palette.label} items={commands} renderEmptyState={() => strings.palette.none}>
              {({ id, text, words, act }) => (
                <MenuItem
                  id={id}
                  className="option"
                  textValue={`${text} ${words}`}
                  onAction={() => {
                    close()
                    act()
                  }}
                >
                  <Text slot="label">
                    {text} <span className="quiet">{words}</span>
                  </Text>
                </MenuItem>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
