// llms.txt: what the package is and where its documents are, for language models, in the form of llmstxt.org. Made of
// README.md and the guides. `UPDATE=1 npx vitest run tests/js/llms.test.ts` writes it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

/** The text of llms.txt. Its links lead from the folder of the package. */
export function llmsText() {
  const readme = read('README.md')
  const [title, summary] = readme.split('\n\n')
  const example = /```js\n[^]*?\n```/.exec(readme)?.[0]
  const more = readme.slice(readme.indexOf('\n## More\n'))
  const [guides = '', reference = ''] = more.split('\n').filter((line) => line.startsWith('- '))
  return [
    title,
    `> ${summary}`,
    section(readme, 'When to use it').join('\n'),
    example,
    `## Guides\n\n${linksOf(guides).map(entry).join('\n')}`,
    `## Reference\n\n- [Types of the client](pkg/index.d.ts): every method, field and error with its meaning\n- [Types of the emulator](pkg/emulator.d.ts): its options, faults and journal\n- [OpenAPI description](pkg/openapi.json): the API as the emulator serves it`,
    `## Optional\n\n${linksOf(reference).filter(([, path]) => path.endsWith('.md')).map(entry).join('\n')}\n`,
  ].join('\n\n')
}

function read(file) {
  return readFileSync(join(root, file), 'utf8')
}

/** The lines of a list below a heading. */
function section(text, heading) {
  const [, body = ''] = text.split(`\n## ${heading}\n`)
  return body.slice(0, body.indexOf('\n## ')).split('\n').filter((line) => line.startsWith('- '))
}

function linksOf(line) {
  return [...line.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, name, path]) => [name, path])
}

/** A link with the first sentence of its document. */
function entry([, path]) {
  const [title, ...parts] = read(path).split('\n\n')
  const prose = parts.find((part) => /^[^#`|<-]|^`[^`]/.test(part)) ?? ''
  const [sentence] = plain(prose).split(/(?<=[.:!?])\s/)
  return `- [${title.replace('# ', '')}](${path}): ${sentence.replace(/:$/, '.')}`
}

// A link of a document leads from its own folder.
function plain(prose) {
  return prose.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replace(/\s+/g, ' ').trim()
}
