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

  it('names an entry that can be handed on', () => {
    expect(one({ Keys: keys, NewImage: image })).toEqual({ sequenceNumber: '9', roomId: 'r', seq: 4, readable: true })
  })

  it.each([
    ['whose time is no number', { ...image, sentAt: { S: 'soon' } }],
    ['that says nothing', { ...keys, sentAt: { N: '1000' } }],
    ['whose text is no text', { ...image, text: { N: '5' } }],
    ['without an image', undefined],
    ['that is no item at all', { ...keys, sentAt: { Strange: 1 } }],
  ])('%s cannot be read, and keeps its place', (_, NewImage) => {
    expect(one({ Keys: keys, ...(NewImage && { NewImage }) })).toEqual({
      sequenceNumber: '9',
      roomId: 'r',
      seq: 4,
      readable: false,
    })
  })

  it('without a place has none', () => {
    expect(one({})).toEqual({ sequenceNumber: '9', readable: false })
    expect(one({ Keys: { roomId: { S: 'r' }, seq: { S: 'x' } } })).toEqual({
      sequenceNumber: '9',
      roomId: 'r',
      readable: false,
    })
  })
})
