// The figures of the console in docs/figures/console.json, which UPDATE=1 writes.
import { availableParallelism, loadavg } from 'node:os'

interface Figures {
  readFigures(name: string): Record<string, unknown> | undefined
  writeFigures(name: string, figures: Record<string, unknown>): void
  circumstances(): Record<string, string>
}

const { readFigures, writeFigures, circumstances } = (await import('../../scripts/figures.mjs' as string)) as Figures

/**
 * What the machine needs for a fixed piece of work, in milliseconds of the processor. A machine that others share is at
 * times half as fast, though nothing else runs that can be seen, and then each figure in milliseconds is twice as high.
 */
function yardstick(): number {
  const times = Array.from({ length: 7 }, () => {
    const from = process.cpuUsage()
    const words = Array.from({ length: 20_000 }, (_, index) => String((index * 7919) % 20_011))
    new Set(words.sort()).clear()
    return process.cpuUsage(from).user / 1000
  })
  return times.sort((a, b) => a - b)[3] ?? 0
}

/** Keeps a figure, with its aim, the day and the files that it is of, how many programs wanted each core of the machine, and how fast that was. */
export function keep(name: string, figure: Record<string, unknown>): void {
  const yardstickMs = Number(yardstick().toFixed(1))
  console.log(name, figure, { yardstickMs })
  if (process.env.UPDATE) writeFigures('console', { ...readFigures('console'), [name]: { ...figure, ...circumstances(), programsPerCore: Number(((loadavg()[0] ?? 0) / availableParallelism()).toFixed(1)), yardstickMs } })
}
