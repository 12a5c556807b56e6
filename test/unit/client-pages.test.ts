import { onePage, roomPages, withKnown } from '../../client/pages.ts'
import type { Replies } from '../../client/requests.ts'
import { page } from '../client/held-connection.ts'
import { message } from '../client/scripted-server.ts'

const ofOne = page(3, message(3)) as Replies['history']
const ofMany: Replies['history'] = { rooms: [], epoch: 'first' }

describe('the reply to a query of the history', () => {
  it('is taken as it is if it answers that query', () => {
    expect(onePage(ofOne)).toBe(ofOne)
    expect(roomPages(ofMany)).toBe(ofMany)
  })

  it.each<[string, () => unknown]>([
    ['one room', () => onePage(ofMany)],
    ['several rooms', () => roomPages(ofOne)],
  ])('about %s is refused if it answers another query', (_, take) => {
    expect(take).toThrow(TypeError)
    expect(take).toThrow('The server answered another query than the one that was sent.')
  })
})

it('a page is shown without entries of unknown kinds, and keeps its other fields', () => {
  const { from: _, text: __, ...unknown } = message(2)
  const removal = { ...unknown, seq: 3, removes: [1] }
  const whole = { ...page(4), cursor: 'next', messages: [message(1), unknown, removal, message(4)] }
  expect(withKnown(whole)).toEqual({ ...whole, messages: [message(1), removal, message(4)] })
})
