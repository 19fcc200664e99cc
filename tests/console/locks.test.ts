// Work that takes turns with other tabs of a browser, where the browser has locks, refuses them, or has none.
import { afterEach, expect, test, vi } from 'vitest'
import { withLock } from '../../js/console/data/locks.js'

afterEach(() => vi.unstubAllGlobals())

const refused = new DOMException('denied', 'SecurityError')

const browsers: readonly (readonly [name: string, navigator: object])[] = [
  ['has locks', { locks: { request: async (_: string, held: () => unknown) => held() } }],
  ['refuses each lock', { locks: { request: () => Promise.reject(refused) } }],
  [
    'throws at each lock',
    {
      locks: {
        request() {
          throw refused
        },
      },
    },
  ],
  [
    'takes the lock away while the work is under way',
    {
      locks: {
        async request(_: string, held: () => unknown) {
          void Promise.resolve(held()).catch(() => undefined)
          await Promise.resolve()
          throw new DOMException('stolen', 'AbortError')
        },
      },
    },
  ],
  ['has no locks', {}],
]

for (const [name, navigator] of browsers) {
  test(`work is done once and its end passed on where the browser ${name}`, async () => {
    vi.stubGlobal('navigator', navigator)
    let times = 0
    const work = async (end: () => string) => {
      times += 1
      await Promise.resolve()
      return end()
    }
    expect(await withLock('any', () => work(() => 'done'))).toBe('done')
    expect(times).toBe(1)
    const failed = withLock('any', () =>
      work(() => {
        throw new Error('the work failed')
      }),
    )
    await expect(failed).rejects.toThrow('the work failed')
    expect(times).toBe(2)
  })
}
