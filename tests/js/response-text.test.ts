// How the text of a response is read: by its stream where the platform's own response is unchanged, and by `text` elsewhere.
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { readText } from '../../js/transport/response.js'

afterEach(() => vi.restoreAllMocks())

const inPieces = (pieces: readonly unknown[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece)
        controller.close()
      },
    }),
  )

test('the text is that of the platform for any bytes in any pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9 })), async (pieces) => {
      expect(await readText(inPieces(pieces))).toBe(await inPieces(pieces).text())
    }),
  )
})

test('a character that is cut between two pieces stays whole, and a byte order mark goes', async () => {
  const bytes = new TextEncoder().encode('\ufeff{"description":"Gürtel 🛰"}')
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte))
  expect(await readText(inPieces(pieces))).toBe('{"description":"Gürtel 🛰"}')
})

test('a response without a body is an empty text', async () => {
  expect(await readText(new Response(null, { status: 204 }))).toBe('')
  expect(await readText(new Response(''))).toBe('')
})

test('a body that was read already is an error', async () => {
  const response = new Response('{}')
  await response.text()
  await expect(readText(response)).rejects.toThrow(TypeError)
})

test('a body that has another reader is an error', async () => {
  const response = new Response('{}')
  response.body?.getReader()
  await expect((async () => readText(response))()).rejects.toThrow(TypeError)
})

test('a body with something that is no bytes is an error', async () => {
  await expect(readText(inPieces(['{}']))).rejects.toThrow(TypeError)
})

test('bytes of another realm are bytes, as with jsdom, and other arrays are an error, as for the platform', async () => {
  const foreign = (pieces: string[]) => inPieces(pieces.map((piece) => runInNewContext(piece) as unknown))
  const bytes = ['Uint8Array.of(123)', 'Uint8Array.of(125, 32)']
  expect(await readText(foreign(bytes))).toBe('{} ')
  expect(await foreign(bytes).text()).toBe('{} ')
  for (const other of ['Int16Array.of(123)', 'new DataView(new ArrayBuffer(1))', '[123]', 'Object.create(Uint8Array.prototype)']) {
    await expect(readText(foreign([other])), other).rejects.toThrow(TypeError)
    await expect(foreign([other]).text(), other).rejects.toThrow(TypeError)
  }
})

test('a body that breaks off is the error that broke it', async () => {
  const broken = new Response(
    new ReadableStream({
      pull(controller) {
        controller.error(new Error('the line is cut'))
      },
    }),
  )
  await expect(readText(broken)).rejects.toThrow('the line is cut')
})

test('a text method that was replaced is the one that is called', async () => {
  const own = new Response('{}')
  own.text = async () => 'own'
  expect(await readText(own)).toBe('own')
  class Wrapped extends Response {
    override text = async () => 'of a subclass'
  }
  expect(await readText(new Wrapped('{}'))).toBe('of a subclass')
  vi.spyOn(Response.prototype, 'text').mockResolvedValue('of a spy')
  expect(await readText(new Response('{}'))).toBe('of a spy')
  expect(await readText({ status: 200, headers: new Headers(), text: async () => 'of a stub' })).toBe('of a stub')
})
