import type * as z from 'zod/mini'
import { emoticons } from '../../protocol/emoticons.ts'
import * as frames from '../../protocol/frames.ts'
import { parseFrame, parseObject } from '../../protocol/parse.ts'

const parsed = (schema: z.ZodMiniType, frame: object) => parseFrame(schema, parseObject(JSON.stringify(frame)))

const time = '2026-11-22T22:33:01Z'
const list = (length: number) => Array.from({ length }, (_, nr) => `user:${nr}`)
const rooms = Array.from({ length: 20 }, (_, nr) => `r${nr}`)
const lists = { allowed: list(100), denied: ['group:x'], creators: ['everyone'] }
const switches = { invitations: false, history: false, files: false }
const links = [
  { type: 'text', text: 'x'.repeat(7000) },
  { type: 'link', text: 'x'.repeat(4096), href: 'mailto:ana@example.org' },
  { type: 'roomLink', roomId: 'r', name: 'x'.repeat(64) },
]

/** Frames with every field, most of them at their maximum size. */
const completeFrames: [verb: string, z.ZodMiniType, object][] = [
  ['createCategory', frames.createCategory, { name: 'C', description: 'd', ...lists, ...switches }],
  [
    'updateCategory',
    frames.updateCategory,
    { categoryId: 'c', version: 1, name: 'C', description: '', ...lists, ...switches },
  ],
  ['deleteCategory', frames.deleteCategory, { categoryId: 'c' }],
  ['categories', frames.categories, { creatable: true, cursor: 'x'.repeat(1024) }],
  [
    'browse',
    frames.browse,
    {
      criteria: { text: 'x'.repeat(200), match: 'phrase', inDescription: true },
      privacy: 'secret',
      auditorium: false,
      disabled: true,
      limit: 1,
      cursor: 'c',
    },
  ],
  ['browse mine', frames.browse, { mine: true, limit: 100 }],
  ['browse managed', frames.browse, { managed: true, limit: 100 }],
  ['browse joinedBy', frames.browse, { joinedBy: 'x'.repeat(128), limit: 100 }],
  ['browse invitedAfter', frames.browse, { invitedAfter: 0, limit: 100 }],
  ['browse categoryId', frames.browse, { categoryId: 'c', limit: 100 }],
  [
    'history',
    frames.history,
    {
      roomId: 'r',
      before: 9,
      from: time,
      to: time,
      authors: Array.from({ length: 100 }, (_, nr) => `${nr}`.padStart(128, 'x')),
      search: 'x'.repeat(200),
      match: 'all',
      matchCase: true,
      order: 'newest',
      sort: 'newest',
      limit: 0,
      cursor: 'c',
    },
  ],
  ['history of rooms', frames.history, { roomIds: rooms, after: 0, sort: 'oldest', limit: 500 }],
  [
    'send',
    frames.send,
    {
      roomId: 'r',
      text: 'x',
      clientMessageId: 'm',
      after: 0,
      alert: true,
      title: 'T',
      rich: { contentType: `text/${'x'.repeat(95)}`, body: 'x'.repeat(16_384) },
      ifHead: 0,
    },
  ],
  ['send parts', frames.send, { roomId: 'r', title: 'T', parts: links }],
  ['removeMessages', frames.removeMessages, { roomId: 'r', seqs: list(100).map((_, nr) => nr + 1) }],
  [
    'removeMessages by words',
    frames.removeMessages,
    {
      roomId: 'r',
      from: time,
      to: time,
      authors: ['ana'],
      search: 'x',
      match: 'any',
      replacement: 'x'.repeat(4096),
      cursor: 'c',
    },
  ],
  ['record', frames.record, { roomId: 'r', from: time, to: time, cursor: 'c' }],
  ['purge', frames.purge, { roomId: 'r', before: time }],
  ['invitations', frames.invitations, { after: 7 }],
  ['preference', frames.preference, { label: 'x'.repeat(64), data: '', knownVersion: 0 }],
  ['preference of 16 KiB', frames.preference, { label: 'l', data: 'ü'.repeat(8192) }],
  ['grant', frames.grant, { roomId: 'r', role: 'member', principals: list(100) }],
  ['revoke', frames.revoke, { roomId: 'r', role: 'presenter', principals: ['everyone'] }],
  ['roles', frames.roles, { roomId: 'r', role: 'manager', cursor: 'c' }],
  [
    'createRoom',
    frames.createRoom,
    {
      name: 'R',
      categoryId: 'c',
      description: 'd',
      privacy: 'open',
      auditorium: true,
      invitations: 'off',
      clientRoomId: 'x',
    },
  ],
  ['getRoom', frames.getRoom, { roomId: 'r' }],
  ['getRoom by URI', frames.getRoom, { roomUri: 'chat://domain/r' }],
  ['getRoom by name', frames.getRoom, { roomName: 'Lobby' }],
  [
    'updateRoom',
    frames.updateRoom,
    {
      roomId: 'r',
      version: 0,
      name: 'R',
      description: 'd',
      privacy: 'closed',
      auditorium: true,
      invitations: 'inherit',
      disabled: false,
      members: list(100),
      managers: [],
      presenters: ['group:x'],
    },
  ],
  ['moveRoom', frames.moveRoom, { roomId: 'r', categoryId: 'c' }],
  ['deleteRoom', frames.deleteRoom, { roomId: 'r' }],
  ['hello', frames.hello, {}],
  ['join', frames.join, { roomId: 'r', after: 0, limit: 500 }],
  ['join by URI', frames.join, { roomUri: 'chat://domain/r' }],
  ['join by name', frames.join, { roomName: 'Lobby' }],
  ['leave', frames.leave, { roomId: 'r' }],
  ['sync', frames.sync, { rooms: { r: 0, s: 9 } }],
  ['participants', frames.participants, { roomId: 'r', cursor: 'c' }],
]

it.each(completeFrames)('%s keeps every known field and drops unknown ones', (_, schema, frame) => {
  expect(parsed(schema, { ...frame, unknown: 1 })).toEqual(frame)
})

it.each(Object.keys(emoticons))('an emoticon can be %s', (emoticon) => {
  const frame = { roomId: 'r', parts: [{ type: 'emoticon', emoticon }] }
  expect(parsed(frames.send, frame)).toEqual(frame)
})

it('the list of emoticons is complete', () => {
  const known = 'smile frown cool laughing shocked confused crying tongue wink angry kissing'
  expect(Object.keys(emoticons).join(' ')).toBe(known)
})

it.each<[string, z.ZodMiniType, object, object]>([
  [
    'a category',
    frames.createCategory,
    { name: 'C' },
    {
      name: 'C',
      description: '',
      allowed: ['everyone'],
      denied: [],
      creators: [],
      invitations: true,
      history: true,
      files: true,
    },
  ],
  [
    'a text query of rooms',
    frames.browse,
    { criteria: { text: 'x' } },
    { criteria: { text: 'x', match: 'any', inDescription: false }, limit: 100 },
  ],
  ['a history', frames.history, { roomId: 'r' }, { roomId: 'r', sort: 'oldest', limit: 30 }],
  ['a list of invitations', frames.invitations, {}, { after: 0 }],
])('%s gets the default values', (_, schema, frame, expected) => {
  expect(parsed(schema, frame)).toEqual(expected)
})
