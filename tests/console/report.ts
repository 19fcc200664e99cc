// The figures of the console in docs/figures/console.json, which UPDATE=1 writes.
import { availableParallelism, loadavg } from 'node:os'

interface Figures {
  readFigures(name: string): Record<string, unknown> | undefined
  writeFigures(name: string, figures: Record<string, unknown>): void
  circumstances(): Record<string, string>
}

const { readFigures, writeFigures, circumstances } = (await import('../../scripts/figures.mjs' as string)) as Figures

/** Keeps a figure, with its aim, the day and the files that it is of, and how many programs wanted each core of the machine. */
export function keep(name: string, figure: Record<string, unknown>): void {
  console.log(name, figure)
  if (process.env.UPDATE) writeFigures('console', { ...readFigures('console'), [name]: { ...figure, ...circumstances(), programsPerCore: Number(((loadavg()[0] ?? 0) / availableParallelism()).toFixed(1)) } })
}
