// What the demo needs besides the client: passing time and printing.
import { setTimeout as pause } from 'node:timers/promises'
import { isFlexipError } from 'flexip'

/** How many times faster than real time the emulator's clock runs. */
const speed = 10

/** The interval between two polls, in milliseconds of emulator time. */
const intervalMs = 1000

/** Advances the emulator's manual clock by `ms`, after a real pause of a tenth of that. */
async function sleep(emulator, ms) {
  await pause(ms / speed)
  emulator.advance(ms)
}

/** Advances the emulator's clock until a promise is settled; gives the promise's result. */
export async function whileTimePasses(emulator, promise) {
  const ticks = setInterval(() => emulator.advance(100 * speed), 100)
  try {
    return await promise
  } finally {
    clearInterval(ticks)
  }
}

/**
 * Calls `read`, which gives `{ done, text }`, until `done`. Prints each new `text`, and a dot for each
 * unchanged one.
 */
export async function poll(emulator, label, read) {
  const started = emulator.now
  let last
  process.stdout.write(`   ${label}:`)
  for (;;) {
    const { done, text } = await read()
    process.stdout.write(text === last ? '.' : ` ${text}`)
    last = text
    const waited = emulator.now - started
    if (done) return console.log(` after ${seconds(waited)}`)
    if (waited > 120_000) throw new Error(`${label}: still ${text} after ${seconds(waited)}`)
    await sleep(emulator, intervalMs)
  }
}

/** Makes a call that must be refused, and prints its error. */
export async function printRefusal(call) {
  const error = await call().then(
    () => new Error('it was not refused'),
    (thrown) => thrown,
  )
  if (!isFlexipError(error)) throw error
  console.log(`   ${error.name}: ${error.message}`)
  return error
}

/** Formats milliseconds as seconds. */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}

/** Prints rows of texts in columns. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  for (const row of rows) {
    console.log(`   ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd())
  }
}
