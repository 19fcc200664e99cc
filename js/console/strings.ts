// Every text of the console, in English. A translation is another file with the same fields.
import type { FlexibleIPStatus } from 'flexip/slim'

const number = new Intl.NumberFormat('en')
/** A number with its unit; they never part. */
export const amount = (count: number, one: string, many = `${one}s`): string => `${number.format(count)}\u00a0${count === 1 ? one : many}`
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
export const time = (at: number | Date): string => clock.format(at)

const units: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
]

/** How long ago something was, in one unit. */
export function ago(at: Date | undefined, now: number): string {
  if (!at) return '–'
  const passed = now - at.getTime()
  for (const [length, unit] of units) if (passed >= length) return `${Math.floor(passed / length)}\u00a0${unit} ago`
  return 'now'
}

export const strings = {
  product: 'flexip',
  loading: 'Loading the console',
  skip: 'Skip to the content',
  navigation: 'Views',
  notices: 'Notices',
  views: { ips: 'Flexible IPs', servers: 'Servers', log: 'Log', connect: 'Connect' },
  short: { ips: 'IPs', servers: 'Servers', log: 'Log', connect: 'Connect' },
  theme: 'Light or dark',
  underWay: (count: number) => `${number.format(count)} under way`,
  emulatedMark: 'Emulated fleet',
  paletteButton: 'Go to, or do',
  palette: { label: 'Go to, or do', input: 'View, address, server or tag', none: 'Nothing has this name', goTo: (view: string) => `Go to ${view}`, open: (ip: string) => `Open ${ip}`, theme: 'Switch light and dark' },

  statuses: {
    ready: 'ready',
    attached: 'attached',
    updating: 'updating',
    detaching: 'detaching',
    error: 'error',
    locked: 'locked',
    unknown: 'unknown',
  } satisfies Record<FlexibleIPStatus, string>,
  noServer: 'no server',
  offServer: (name: string) => `off ${name}`,
  none: '–',

  columns: { address: 'Address', status: 'Status', server: 'Server', zone: 'Zone', mac: 'Virtual MAC', reverse: 'Reverse', description: 'Description', tags: 'Tags', updated: 'Updated' },
  table: {
    label: 'Flexible IPs',
    selectAll: (count: number) => `Select all ${number.format(count)} that are shown`,
    select: (ip: string) => `Select ${ip}`,
    group: (mac: string, here: number, all: number) => `Group …${mac}: ${here} of ${all} here`,
    partOfGroup: (here: number, all: number) => `${here} of ${all} here`,
    moreTags: (count: number) => `+${count}`,
    foot: (count: number, inZones: number, at: string) => `${amount(count, 'IP')} in ${amount(inZones, 'zone')}, read at ${at}.`,
    polling: (count: number) => `${number.format(count)} under way: one list every 2\u00a0s.`,
    keys: [
      ['↑ ↓', 'row'],
      ['Space', 'select'],
      ['Enter', 'open'],
      ['/', 'search'],
      ['Ctrl K', 'palette'],
    ] as const,
  },
  filters: {
    label: 'Filters',
    search: 'IP, MAC, reverse, tag, server',
    zone: 'Zone',
    status: 'Status',
    tag: 'Tag',
    server: 'Server',
    project: 'Project',
    all: 'all',
    several: (count: number) => number.format(count),
    clear: (name: string) => `Remove the filter ${name}`,
    columns: 'Columns',
    shown: 'Columns that are shown',
    find: 'Search in this list',
  },
  bulk: {
    label: 'Selection',
    selected: (count: number) => `${amount(count, 'IP')} selected`,
    hidden: (count: number) => (count === 0 ? 'none hidden by a filter' : `${number.format(count)} hidden by a filter`),
    group: (mac: string, missing: number, all: number) => `Group …${mac} moves whole, ${missing} of ${all} not selected.`,
    add: (ips: readonly string[]) => (ips.length === 1 ? `Add ${ips[0] ?? ''}` : `Add ${number.format(ips.length)}`),
    clear: 'Clear the selection',
  },
  failing: {
    title: (server: string) => `${server} is failing`,
    text: (zone: string, ips: number, locked: number) => `in ${zone}. ${amount(ips, 'IP')} at risk${locked > 0 ? `: ${ips - locked} can move, ${locked} locked` : ''}.`,
    show: (ips: number) => `Show the ${number.format(ips)}`,
  },
  offline: { title: 'Offline.', text: 'You see what was read before. Changes are switched off until you are back. None is queued.' },
  unreadable: { title: 'Some zones cannot be read:', retry: 'Read again' },
  empty: { title: 'No flexible IP', text: 'There is none in these zones yet.', filtered: 'Nothing matches', filteredText: 'No flexible IP has all of this.', clear: 'Remove all filters' },
  failed: { title: 'The console cannot start', text: 'What failed:', reload: 'Load again', view: 'This part failed' },
  emulator: {
    title: 'This is an emulated fleet. Nothing here is real.',
    text: 'It runs in this browser; a reload keeps it, Reset starts over.',
    speed: 'Speed',
    speeds: { recorded: 'as recorded', fast: '5×', instant: 'at once' },
    faults: 'Faults',
    faultSets: { none: 'none', lostResponse: 'one answer is lost', refusals: 'half the attaches fail', throttled: 'slow down (429)' },
    reset: 'Reset',
    connect: 'Connect…',
    hide: 'Hide this strip',
  },
  servers: { label: 'Servers', count: (ips: number) => `${number.format(ips)} of 64`, failing: 'failing', mark: 'Mark as failing', unmark: 'Failing no more', none: 'This key cannot read servers: their ids are shown.' },
  sheet: {
    close: 'Close',
    next: 'Next',
    previous: 'Previous',
    tabs: { overview: 'Overview', mac: 'MAC', network: 'Network', log: 'Log' },
    gone: 'There is no such flexible IP any more, or it is in another Project.',
    facts: { address: 'Address', status: 'Status', server: 'Server', zone: 'Zone', mac: 'Virtual MAC', reverse: 'Reverse', description: 'Description', tags: 'Tags', project: 'Project', id: 'Id', updated: 'Updated' },
  },
  log: { label: 'Activity log', empty: 'Nothing was sent yet.', at: 'Time', what: 'What', result: 'Result', retry: (ms: number) => `tried again in ${number.format(ms)}\u00a0ms`, waits: (count: number) => `waits for ${amount(count, 'IP')}` },
  connect: {
    title: 'Connect to the real service',
    text: 'A key never comes into a page. A proxy holds it, on the origin of this console.',
    step: 'Serve these files and flexip/proxy from one origin, and write the path of the proxy into index.html:',
    command: '<meta name="flexip-proxy" content="/api">',
    connected: 'This page is connected through its proxy. From here on changes are real.',
    copy: 'Copy',
    copied: 'Copied',
  },
} as const
