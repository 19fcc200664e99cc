// Signals that are not the platform's, aborts from a listener, and options that are no object.
import { FlexibleIpClient, InvalidArgumentsError } from 'flexip'
import { describe, expect, test } from 'vitest'
import { call, operationNames, operations } from './support/operations.js'
import { clientOf, failure, farEnd, json, rejection, secretKey, type Sent } from './support/wire.js'
import { fipId, page } from './support/bodies.js'

/** Answers each operation with its success, and the reads before it with what lets it go on. */
function service() {
  return farEnd(({ method, url }: Sent) => {
    const name = operationNames.find((each) => operations[each].method === method && url.pathname.endsWith(operations[each].path.replace('{fipId}', fipId)))
    const [status, body] = name === undefined ? [200, page()] : operations[name].success
    return json(status, body)
  })
}

const refuses = () => {
  throw new Error('no listeners here')
}

describe.each(['listFlexibleIPs', 'createFlexibleIP', 'getFlexibleIP', 'updateFlexibleIP', 'deleteFlexibleIP', 'attachFlexibleIP'] as const)('%s', (name) => {
  test.each(['addEventListener', 'removeEventListener'])('settles although the signal throws in %s', async (method) => {
    const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined, [method]: refuses } as unknown as AbortSignal
    const { fetch, sent } = service()
    await call(clientOf(fetch), name, operations[name].request, { signal })
    expect(sent).toHaveLength(1)
  })

  test('rejects with the reason of an abort from the listener to its response, unless it has changed something', async () => {
    const controller = new AbortController()
    const { fetch } = service()
    const onEvent = (event: { type: string }) => event.type === 'response' && controller.abort('enough')
    const thrown = await rejection(call(clientOf(fetch), name, operations[name].request, { signal: controller.signal, onEvent: (event) => void onEvent(event) }))
    const error = thrown instanceof Error ? thrown.cause : thrown
    expect(error).toBe('enough')
  })
})

test.each([null, 5, [], 'x'])('options of a call that are %j are refused by their name', async (options) => {
  const { fetch, sent } = service()
  const error = await failure(clientOf(fetch).getFlexibleIP({ fipId }, options as never), InvalidArgumentsError)
  expect(error.details).toMatchObject([{ field: 'options', reason: 'format' }])
  expect(error.message).toContain('value must be an object with the options')
  expect(sent).toEqual([])
})

test('options of a client that are no object are refused by their name', () => {
  expect(() => new FlexibleIpClient(5 as never)).toThrow('options (format): value must be an object with the options')
})

test('a retry budget of one call is refused, because the calls of a client share theirs', async () => {
  const { fetch, sent } = service()
  const error = await failure(clientOf(fetch, { secretKey }).getFlexibleIP({ fipId }, { retry: { budget: 5 } as never }), InvalidArgumentsError)
  expect(error.details).toMatchObject([{ field: 'retry.budget', reason: 'unknown' }])
  expect(sent).toEqual([])
})
