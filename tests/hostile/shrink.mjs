// Makes a failing seed small, and prints it as a story.
import { run } from './property.mjs'

const fails = async (clock, what, package_, invariant) => (await run(clock, what, package_)).violations.some((violation) => violation.invariant === invariant)

/** Fewer calls and fewer kinds of nastiness, with the same invariant still broken. */
export async function shrink(clock, what, package_, invariant) {
  let small = what
  if (await fails(clock, { ...what, uncrowded: true }, package_, invariant)) small = { ...what, uncrowded: true }
  for (let again = true; again;) {
    again = false
    for (const part of ['calls', 'kinds']) {
      for (const each of [...small[part]].reverse()) {
        if (part === 'calls' && small.calls.length === 1) break
        const less = { ...small, [part]: small[part].filter((other) => other !== each) }
        if (await fails(clock, less, package_, invariant)) {
          small = less
          again = true
        }
      }
    }
  }
  return small
}

/** The story of a run: numbered lines with the virtual time; what happens after the violation is left out. */
export async function story(clock, what, package_, invariant) {
  const lines = []
  const { violations, world, calls } = await run(clock, what, package_, lines)
  const violation = violations.find((each) => each.invariant === invariant)
  const call = calls.find(({ n }) => n === violation?.call)
  const shown = lines.filter(({ line }) => !line.startsWith('!!'))
  const text = shown.map(({ at, line }, n) => `${String(n + 1).padStart(4)} ${(at / 1000).toFixed(3).padStart(9)}s ${line}`)
  const title = `seed ${what.seed}, calls [${what.calls}], nastiness [${what.kinds.join(', ')}]`
  const closing = violations.map((each) => `  ${each.invariant}, call ${each.call} (${each.method}): ${world.short(each.text)}`)
  return [title, ...text, `violated${call ? '' : ' (not this time)'}:`, ...closing].join('\n')
}
