// A dialog of what is not there any more.
import { strings } from '../strings.js'
import { Frame } from './frame.js'
import { closeDialog } from './open.js'

export function Gone({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <Frame
      size="small"
      title={title}
      foot={
        <button className="button primary" type="button" autoFocus onClick={closeDialog}>
          {strings.acts.close}
        </button>
      }
    >
      <p>{text}</p>
    </Frame>
  )
}
