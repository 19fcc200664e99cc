// What a form says while its change waits because the service asks for fewer requests: the strip is behind the dialog.
import { useSlowDown } from '../data/slow-down.js'
import { Note } from '../dialogs/frame.js'
import { useNow } from '../dialogs/now.js'
import { strings } from '../strings.js'

const words = strings.slowDown

export function SlowDownNote({ isSending }: { readonly isSending: boolean }) {
  const slow = useSlowDown()
  const isShown = isSending && slow !== undefined
  const now = useNow(isShown)
  if (!isShown) return null
  return (
    <Note tone="warn">
      <span role="status">
        <b>{words.title(slow.since)}</b> {words.waiting(1)}
      </span>
      {slow.nextAt > now && <span aria-hidden="true">{words.next(slow.nextAt - now)}</span>}
    </Note>
  )
}
