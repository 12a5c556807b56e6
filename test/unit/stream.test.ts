import { entriesIn } from '../../lambdas/store/stream.ts'

describe('a record of the stream', () => {
  const keys = { roomId: { S: 'r' }, seq: { N: '4' } }
  const image = {
    ...keys,
    sentAt: { N: '1000' },
    user: { S: 'u' },
    name: { S: 'U' },
    text: { S: 'hi' },
    broadcast: { S: 'c' },
  }
  const one = (dynamodb: object) => entriesIn({ Records: [{ dynamodb: { SequenceNumber: '9', ...dynamodb } }] })[0]

  it('is parsed to an entry that can be delivered', () => {
    expect(one({ Keys: keys, NewImage: image })).toEqual({ sequenceNumber: '9', roomId: 'r', seq: 4, readable: true })
  })

  it.each([
    ['whose time is not a number', { ...image, sentAt: { S: 'soon' } }],
    ['without a body', { ...keys, sentAt: { N: '1000' } }],
    ['whose text is a number', { ...image, text: { N: '5' } }],
    ['without an image', undefined],
    ['that is not an item', { ...keys, sentAt: { Strange: 1 } }],
  ])('%s is unreadable but has its position', (_, NewImage) => {
    expect(one({ Keys: keys, ...(NewImage && { NewImage }) })).toEqual({
      sequenceNumber: '9',
      roomId: 'r',
      seq: 4,
      readable: false,
    })
  })

  it('without keys has no position', () => {
    expect(one({})).toEqual({ sequenceNumber: '9', readable: false })
    expect(one({ Keys: { roomId: { S: 'r' }, seq: { S: 'x' } } })).toEqual({
      sequenceNumber: '9',
      roomId: 'r',
      readable: false,
    })
  })
})
