// A status: shape, colour and word.
import type { FlexibleIPStatus } from 'flexip/slim'
import { strings } from '../strings.js'
import { Icon } from './icons.js'

const known = strings.statuses

export function Status({ status }: { readonly status: FlexibleIPStatus | (string & {}) }) {
  const name = status in known ? (status as FlexibleIPStatus) : 'unknown'
  return (
    <span className={`status ${name}`}>
      <Icon name={name} className={name === 'updating' ? 'turning' : ''} />
      {known[name]}
    </span>
  )
}
