// The pictures. Each is beside a text, or in a button that has a name; so none has a name of its own.
import type { ReactNode } from 'react'

const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round', strokeLinejoin: 'round' } as const

const pictures = {
  brand: (
    <>
      <path {...line} strokeWidth="2" d="M6 2H4.500A1.5 1.5 0 0 0 3 3.500v9A1.5 1.5 0 0 0 4.5 14H6" />
      <circle cx="10.5" cy="5" r="2" fill="var(--accent)" />
      <circle cx="10.5" cy="11" r="2" fill="currentColor" />
    </>
  ),
  handle: <path {...line} strokeWidth="2" d="M6 4v.1M6 8v.1M6 12v.1M10 4v.1M10 8v.1M10 12v.1" />,
  blocked: <path {...line} d="M8 13.5a5.5 5.500 0 1 0 0-11 5.5 5.500 0 0 0 0 11ZM4.2 4.200l7.6 7.600" />,
  copy: <path {...line} d="M6 5.500h7.500v8H6zM10 5V2.500H2.500v8H5.500" />,
  download: <path {...line} d="M8 2.500v7.500m-3-3 3 3 3-3M3 13.500h10" />,
  ready: <circle {...line} cx="8" cy="8" r="4.5" />,
  attached: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  updating: <path {...line} strokeWidth="2" d="M13 8a5 5 0 1 1-3.5-4.770" />,
  detaching: <path {...line} d="M9 12.800A5 5 0 1 1 9 3.200M8 8h6.500m-2-2 2 2-2 2" />,
  error: (
    <>
      <path fill="currentColor" d="M5.3 1.500h5.400l3.8 3.800v5.400l-3.8 3.800H5.300l-3.8-3.800V5.300z" />
      <path stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" d="M8 4.500V8.500M8 11.300v.1" />
    </>
  ),
  locked: (
    <>
      <rect x="3" y="7" width="10" height="7" rx="1.5" fill="currentColor" />
      <path {...line} d="M5 7V5a3 3 0 0 1 6 0v2" />
    </>
  ),
  unknown: <circle {...line} strokeDasharray="2 2.5" cx="8" cy="8" r="5" />,
  doubt: (
    <>
      <path {...line} d="M8 1.500 14.500 8 8 14.500 1.500 8z" />
      <path {...line} d="M6.500 6.600a1.600 1.600 0 1 1 2.300 1.500c-.5.3-.8.6-.8 1.100M8 11v.1" />
    </>
  ),
  clock: <path {...line} d="M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3.200l2 1.300" />,
  barred: <path {...line} d="M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM4.200 4.200l7.600 7.600" />,
  search: <path {...line} d="M7 11.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2 3.2 3.2" />,
  close: <path {...line} d="m4 4 8 8m0-8-8 8" />,
  check: <path {...line} strokeWidth="2" d="m4 8.5 2.8 2.800L12 5.5" />,
  dash: <path {...line} strokeWidth="2" d="M4 8h8" />,
  plus: <path {...line} d="M8 3v10M3 8h10" />,
  down: <path {...line} d="m4.5 6.5 3.5 3.5 3.5-3.5" />,
  up: <path {...line} d="m4.5 9.5 3.5-3.5 3.5 3.5" />,
  theme: (
    <>
      <circle {...line} cx="8" cy="8" r="5" />
      <path fill="currentColor" d="M8 3a5 5 0 0 1 0 10z" />
    </>
  ),
  plug: <path {...line} d="M6 2v3m4-3v3M4 5h8v2.500a4 4 0 0 1-8 0zm4 6.500V14" />,
  offline: <path {...line} d="M2 2l12 12M1.500 6.500a9.500 9.500 0 0 1 3-2M14.500 6.500a9.500 9.500 0 0 0-7.200-2.700M4 9.300a6 6 0 0 1 2.500-1.500M12 9.300a6 6 0 0 0-1.300-.9M8 12.500v.1" />,
  keys: <path {...line} d="M1.5 4h13v8.500h-13zM4 6.800v.1m2.700-.1v.1m2.600-.1v.1m2.700-.1v.1M5 10h6" />,
  columns: <path {...line} d="M2.5 3h11v10h-11zM6.2 3v10m3.6-10v10" />,
  ips: <path {...line} d="M2.5 4h11m-11 4h11m-11 4h11" />,
  servers: <path {...line} d="M2.5 3h11v4h-11zm0 6h11v4h-11zM5 5v.1M5 11v.1" />,
  log: <path {...line} d="M2.5 4h11m-11 4h7m-7 4h4" />,
  connect: <path {...line} d="M3.5 8h.1M8 8h.1m4.4 0h.1" />,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof pictures

export function Icon({ name, className = '' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {pictures[name]}
    </svg>
  )
}
