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

/** The numbers of the polls that answered what the poll before them answered. */
function alike({ world, calls }) {
  const hidden = new Set()
  for (const { requests } of calls) {
    const before = new Map()
    for (const { n, method, url, answer } of requests ?? []) {
      if (method !== 'GET' || answer?.status !== 200) continue
      if (before.get(url) === answer.text) hidden.add(n)
      before.set(url, answer.text)
    }
  }
  return hidden
}

/** The story of a run: numbered lines with the virtual time. */
export async function story(clock, what, package_, invariant) {
  const lines = []
  const ended = await run(clock, what, package_, lines)
  const { violations, world, calls } = ended
  const found = violations.some((each) => each.invariant === invariant)
  const hidden = alike(ended)
  const shown = lines.filter(({ line }) => {
    const number = /^ *#(\d+) /.exec(line)
    return !line.startsWith('!!') && !(number && hidden.has(Number(number[1])))
  })
  const text = shown.map(({ at, line }, n) => `${String(n + 1).padStart(4)} ${(at / 1000).toFixed(3).padStart(9)}s ${line}`)
  const title = `seed ${what.seed}, calls [${what.calls}], nastiness [${what.kinds.join(', ')}]${what.uncrowded ? ', not crowded' : ''}; ${hidden.size} polls that answered the same as those before are left out`
  const closing = violations.map((each) => `  ${each.invariant}, call ${each.call} (${each.method}): ${world.short(each.text)}`)
  return [title, ...text, found ? 'violated:' : 'violated, but not this one any more:', ...closing, `of ${calls.length} calls`].join('\n')
}
