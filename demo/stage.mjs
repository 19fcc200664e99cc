// What the demo needs besides the client: time that passes, a place to print, and a table.
import { setTimeout as pause } from 'node:timers/promises'
import { isFlexipError } from 'flexip'

/** How many times faster than life. */
const speed = 10

/** How often to ask whether a flexible IP is done. */
const pollMs = 1000

/** The emulator's clock stands still but for this: it is moved on, and a tenth of that time really passes. */
async function sleep(emulator, ms) {
  await pause(ms / speed)
  emulator.advance(ms)
}

/** Lets the emulator's time pass until a promise is settled. */
export async function whileTimePasses(emulator, promise) {
  const ticks = setInterval(() => emulator.advance(100 * speed), 100)
  try {
    return await promise
  } finally {
    clearInterval(ticks)
  }
}

/**
 * Asks until `look` says that it is done, printing each new word that it gives, and a dot for each
 * time that nothing is new. `look` gives `{ done, word }`.
 */
export async function poll(emulator, label, look) {
  const started = emulator.now
  let last
  process.stdout.write(`   ${label}:`)
  for (;;) {
    const { done, word } = await look()
    process.stdout.write(word === last ? '.' : ` ${word}`)
    last = word
    const waited = emulator.now - started
    if (done) return console.log(` after ${seconds(waited)}`)
    if (waited > 120_000) throw new Error(`${label}: still ${word} after ${seconds(waited)}`)
    await sleep(emulator, pollMs)
  }
}

/** Makes a call that must be refused, and prints what its caller would see. */
export async function refused(call) {
  const error = await call().then(
    () => new Error('it was not refused'),
    (thrown) => thrown,
  )
  if (!isFlexipError(error)) throw error
  console.log(`   ${error.name}: ${error.message}`)
  return error
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}

/** Prints rows of texts in columns. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows) {
    console.log(`   ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd())
  }
}
