// A real clock, whatever dates the system gives: time goes on, never goes back, and is not moved on twice.
import fc from 'fast-check'
import { type EmulatorOptions, FlexibleIpEmulator } from 'flexip/emulator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Clock } from '../../js/emulator/clock.js'

const zone = 'fr-par-1'
const fips = `https://api.scaleway.com/flexible-ip/v1alpha1/zones/${zone}/fips`
const start = Date.UTC(2026, 5, 1)
const hour = 3_600_000
const day = 24 * hour

/** The slowest pace of a real clock. */
const slowest = 0.9

/** A system whose time passes, and whose date can be wrong. */
class System {
  elapsed = 5000
  /** What the date is ahead of the time that passed; NaN if there is no date. */
  offset = start

  install(): this {
    const spies = [vi.spyOn(Date, 'now').mockImplementation(() => this.date), vi.spyOn(performance, 'now').mockImplementation(() => this.elapsed)]
    onTestFinished(() => spies.forEach((spy) => spy.mockRestore()))
    return this
  }

  get date(): number {
    return Math.floor(this.elapsed + this.offset)
  }

  /** Shows one date, once. */
  flash(date: number, see: () => unknown): void {
    const { offset } = this
    this.offset = date - this.elapsed
    see()
    this.offset = offset
  }
}

function setUp(options: EmulatorOptions = {}) {
  const system = new System().install()
  const emulator = new FlexibleIpEmulator({ timing: { create: 20 } as never, ...options })
  const headers = { 'X-Auth-Token': emulator.secretKey }
  const create = async () => ((await (await emulator.fetch(fips, { method: 'POST', headers, body: JSON.stringify({ project_id: emulator.projectId, server_id: emulator.addServer({ zone }).id }) })).json()) as { id: string }).id
  const status = async (id: string) => ((await (await emulator.fetch(`${fips}/${id}`, { headers })).json()) as { status: string }).status
  return { system, emulator, create, status, now: () => emulator.now.getTime() }
}

describe('a date that was wrong once', () => {
  test.each([
    ['2600', Date.UTC(2600, 0, 1)],
    ['2499', Date.UTC(2499, 0, 1)],
    ['a day ahead', start + day],
    ['1970', 0],
    ['a day back', start - day],
    ['no date', NaN],
  ])('does not stop time: %s', async (_, date) => {
    const { system, emulator, create, status, now } = setUp()
    system.flash(date, () => emulator.now)
    const id = await create()
    const before = now()
    system.elapsed += 200
    expect(now() - before).toBeGreaterThanOrEqual(200 * slowest)
    expect(now() - before).toBeLessThanOrEqual(201)
    expect([await status(id), emulator.msToNextTransition()]).toEqual(['attached', undefined])
  })

  test('and too late to be one is not believed', () => {
    const { system, emulator, now } = setUp()
    system.flash(Date.UTC(2400, 0, 1) + 1, () => emulator.now)
    expect(now()).toBe(system.date)
    system.flash(Date.UTC(2400, 0, 1) - 1, () => emulator.now)
    expect(emulator.now.getUTCFullYear()).toBe(2399)
    emulator.reset()
    expect(now()).toBe(system.date)
  })

  test.each([
    ['an hour back', -hour],
    ['an hour ahead', hour],
  ])('is not added up: %s, a hundred times', (_, by) => {
    const { system, emulator, now } = setUp()
    for (let round = 0; round < 100; round++) {
      system.elapsed += 10
      system.flash(system.date + by, () => emulator.now)
      expect(now()).toBeLessThanOrEqual(system.date + Math.max(0, by))
    }
  })
})

test('ahead of the system, a clock is a tenth slower until the system has caught up', () => {
  const { system, emulator, now } = setUp()
  system.flash(system.date + hour, () => emulator.now)
  system.elapsed += hour
  expect(now() - start - 5000).toBeCloseTo(hour + hour * slowest, -1)
  system.elapsed += 8 * hour
  expect(now() - system.date).toBeGreaterThan(0)
  system.elapsed += hour
  expect(now()).toBe(system.date)
})

test('a test that replaces the timers and puts them back leaves the clock where the system is', () => {
  const emulator = new FlexibleIpEmulator()
  for (let round = 0; round < 5; round++) {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] })
    vi.advanceTimersByTime(1000)
    emulator.reset()
    const before = emulator.now.getTime()
    vi.advanceTimersByTime(3000)
    expect(emulator.now.getTime() - before).toBe(3000)
    vi.useRealTimers()
    emulator.reset()
  }
  expect(Math.abs(emulator.now.getTime() - Date.now())).toBeLessThan(1000)
})

test('with timers that stand still in the past, and with none but the date, time goes on', () => {
  const emulator = new FlexibleIpEmulator()
  const before = emulator.now.getTime()
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  onTestFinished(() => void vi.useRealTimers())
  const from = performance.now()
  while (performance.now() - from < 20);
  expect(emulator.now.getTime() - before).toBeGreaterThanOrEqual(18)
  vi.stubGlobal('performance', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  const then = emulator.now.getTime()
  vi.setSystemTime(then + 500)
  expect(emulator.now.getTime()).toBe(then + 500)
})

describe('whatever the system shows', () => {
  /** Time passes, then the date is set, or is unreadable; or the program starts again with what it stored. */
  const step = fc.record({
    passes: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 2 * day, noNaN: true })),
    date: fc.oneof(
      { weight: 4, arbitrary: fc.constant('as before' as const) },
      { weight: 2, arbitrary: fc.constant('right' as const) },
      { weight: 2, arbitrary: fc.integer({ min: -3 * day, max: 3 * day }) },
      { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -1e15, 1e18, -start, Date.UTC(2399, 0) - start, Date.UTC(2500, 0) - start) },
    ),
    restarts: fc.boolean(),
  })

  test('time goes on at its pace, never goes back, is never later than a date and the time since, and meets the date again', () => {
    const system = new System().install()
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        system.offset = start
        let clock = new Clock('real', new Date(0))
        let last = clock.now()
        // The latest time that can be right: that of a believable date that was shown, and the time since.
        let latest = system.date
        for (const { passes, date, restarts } of steps) {
          system.elapsed += passes
          latest += passes
          if (date !== 'as before') system.offset = date === 'right' ? start : start + date
          if (system.date <= Date.UTC(2400, 0)) latest = Math.max(latest, system.date)
          const isKnown = !restarts
          if (restarts) {
            clock = new Clock('real', new Date(0))
            clock.resume(last)
          }
          const now = clock.now()
          // A program that starts again does not know how long it did not run.
          expect(now - last).toBeGreaterThanOrEqual(isKnown ? Math.floor(passes * slowest) - 1 : 0)
          expect(now).toBeLessThanOrEqual(latest + 1)
          last = now
        }
        system.offset = start
        const ahead = Math.max(0, last - system.date)
        // Centuries take too long.
        if (ahead > 1000 * day) return
        system.elapsed += ahead / (1 - slowest) + 100
        expect(clock.now()).toBe(system.date)
      }),
      { numRuns: 2000 },
    )
  })
})
