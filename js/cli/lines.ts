// The lines that a command of the user prints, up to a limit: what is beyond it is read and dropped, because a command
// must neither wait for its reader nor keep this process from its timers and signals.
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** How many lines and characters of one run are said. */
const linesMax = 500
const charactersMax = 65_536

const lineEnd = /\r\n|[\n\r\u2028\u2029]/

/** Calls back for each line of the streams, and once when the limit is reached. */
export function sayLines(streams: readonly Readable[], say: (line: string) => void): void {
  let lines = 0
  let characters = charactersMax
  let isOver = false
  const sayOne = (line: string) => {
    if (isOver) return
    isOver = lines === linesMax || line.length > characters
    if (lines < linesMax) say(isOver ? `${line.slice(0, characters)}…` : line)
    if (isOver) say('what else this run of the command prints is left out')
    lines += 1
    characters -= line.length
  }
  for (const stream of streams) {
    const decoder = new StringDecoder('utf8')
    let rest = ''
    const flush = (isEnd: boolean) => {
      // A line end of two characters can come in two parts.
      const isSplit = rest.endsWith('\r') && !isEnd
      const parts = (isSplit ? rest.slice(0, -1) : rest).split(lineEnd)
      rest = `${parts.pop() ?? ''}${isSplit ? '\r' : ''}`
      for (const part of parts) sayOne(part)
      if (rest !== '' && (isEnd || rest.length > characters)) {
        sayOne(rest)
        rest = ''
      }
    }
    stream.on('data', (part: Buffer) => {
      if (isOver) return
      rest += decoder.write(part)
      flush(false)
    })
    stream.once('end', () => {
      rest += decoder.end()
      flush(true)
    })
  }
}
