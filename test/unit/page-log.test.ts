import type { Message } from '../../client/index.ts'
import { append, logOf } from '../../page/model/log.ts'

const sentAt = '2001-01-01T00:00:00.000Z'
const message = (seq: number, user: string): Message => ({
  roomId: 'r',
  seq,
  sentAt,
  from: { user, name: user },
  text: `${user} ${seq}`,
})

it('an erasure removes the messages of its user up to its position, and no others', () => {
  const log = logOf([message(1, 'ana'), message(2, 'bob'), message(3, 'ana'), message(4, 'ana')], true)
  const erasure: Message = { roomId: 'r', seq: 5, sentAt, removes: [], removesOf: 'ana', upTo: 3, by: 'root' }
  const texts = append(log, erasure).messages.map(({ text, removed }) => text ?? removed?.by)
  expect(texts).toEqual(['root', 'bob 2', 'root', 'ana 4', undefined])
})

it('a removal removes the messages that it names', () => {
  const log = logOf([message(1, 'ana'), message(2, 'ana')], true)
  const removal: Message = { roomId: 'r', seq: 3, sentAt, removes: [2], by: 'root', replacement: 'gone' }
  const texts = append(log, removal).messages.map(({ text, removed }) => [text, removed?.by])
  expect(texts).toEqual([
    ['ana 1', undefined],
    ['gone', 'root'],
    [undefined, undefined],
  ])
})
