import { expect, test } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { bytesByRoom, roomOf } from '../../scripts/rooms.mjs'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { memoryLayout } from '../../scripts/sections.mjs'

test.each([
  ['flexip::flow::poller::Poller::input', 'flow'],
  ['<flexip::wire::date::Date as core::fmt::Display>::fmt', 'wire'],
  ['core::ptr::drop_in_place::<flexip::error::Error>', 'error'],
  ['<flexip[3e29ae077c0db724]::ops::check::Check as core[925729da105c932d]::clone::Clone>::clone', 'ops'],
  ['<&str as core::fmt::Debug>::fmt', 'core'],
  ['alloc::raw_vec::finish_grow', 'alloc'],
  ['__wbindgen_malloc', 'exports and others'],
])('the room of %s is %s', (name, room) => {
  expect(roomOf(name)).toBe(room)
})

test('the bytes of function bodies are added up by room, whatever is imported before them', () => {
  const nameOf = (index: number, name: string) => [index, name.length, ...Buffer.from(name)]
  const section = (id: number, ...bytes: number[]) => [id, bytes.length, ...bytes]
  const names = [...nameOf(1, 'flexip::ops::a'), ...nameOf(2, 'flexip::flow::b'), ...nameOf(3, 'flexip::ops::c')]
  const wasm = Buffer.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 0, 0),
    ...section(2, 1, 1, 0x61, 1, 0x66, 0, 0),
    ...section(3, 3, 0, 0, 0),
    ...section(10, 3, 2, 0, 0x0b, 4, 0, 0x01, 0x01, 0x0b, 3, 0, 0x01, 0x0b),
    ...section(0, 4, ...Buffer.from('name'), 1, names.length + 1, 3, ...names),
  ])
  expect([...bytesByRoom(wasm)]).toEqual([['ops', 5], ['flow', 4]])
})

test('the layout of memory is read from the first global and the first data', () => {
  const stack = [6, 7, 1, 0x7f, 1, 0x41, 0x80, 0x08, 0x0b]
  const data = [11, 8, 1, 0, 0x41, 0x90, 0x08, 0x0b, 1, 7]
  expect(memoryLayout(Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...stack, ...data]))).toEqual({ stack: 1024, data: 1040 })
})
