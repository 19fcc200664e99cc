// Buttons that save what is shown as a file.
import { type Format, type Line, saveFile } from '../data/export.js'
import { strings } from '../strings.js'
import { Icon } from './icons.js'

interface Props {
  readonly name: string
  readonly count: number
  readonly lines: () => readonly Line[]
  readonly columns: readonly string[]
}

const formats: readonly Format[] = ['csv', 'json']

export function Export({ name, count, lines, columns }: Props) {
  return (
    <span className="export wide" role="group" aria-label={strings.export.label(count)}>
      <Icon name="download" />
      {strings.export.label(count)}
      {formats.map((format) => (
        <button className="button quiet-button" type="button" key={format} disabled={count === 0} aria-label={strings.export.as(count, format.toUpperCase())} onClick={() => saveFile(name, format, lines(), columns)}>
          {format.toUpperCase()}
        </button>
      ))}
    </span>
  )
}
