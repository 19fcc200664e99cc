// How this console gets to the real service.
import { useStore } from '../data/store.js'
import { strings } from '../strings.js'

export default function Connect() {
  const { connection } = useStore()
  return (
    <div className="page">
      <h1>{strings.connect.title}</h1>
      {connection.controls ? (
        <>
          <p className="second">{strings.connect.text}</p>
          <p className="second">{strings.connect.step}</p>
          <pre className="code">{strings.connect.command}</pre>
        </>
      ) : (
        <p className="second">{strings.connect.connected}</p>
      )}
    </div>
  )
}
