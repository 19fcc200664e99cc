// All keys, and whether single keys act.
import { switchSingleKeys, useSingleKeys } from '../shell/keys.js'
import { strings } from '../strings.js'
import { Frame } from './frame.js'
import { closeDialog } from './open.js'

const words = strings.keys

export default function Keys() {
  const isOn = useSingleKeys()
  return (
    <Frame
      size="small"
      title={words.title}
      subtitle={words.text}
      foot={
        <>
          <label className="keys-switch">
            <input className="check" type="checkbox" checked={isOn} onChange={({ target }) => switchSingleKeys(target.checked)} />
            <span>
              {words.single} <span className="quiet">{words.singleHint}</span>
            </span>
          </label>
          <span className="room" />
          <button className="button primary" type="button" autoFocus onClick={closeDialog}>
            {strings.acts.close}
          </button>
        </>
      }
    >
      {words.groups.map(({ title, keys }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl className="keys">
            {keys.map(([key, meaning]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Frame>
  )
}
