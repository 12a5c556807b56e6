import { Placeholders } from '../support/transcript.ts'

let placeholders: Placeholders
beforeEach(() => {
  placeholders = new Placeholders()
})

describe('a placeholder', () => {
  it('takes the first value and requires the same value later', () => {
    expect(
      placeholders.differences({ a: '<room>', b: ['chat://<domain>/<room>'] }, { a: 'r1', b: ['chat://x/r1'] }),
    ).toEqual([])
    expect(placeholders.differences('<room>', 'r2')).toEqual([' is "r2", not "<room>"'])
    expect(placeholders.differences('<domain>', 'x')).toEqual([])
  })

  it('is replaced by its value in a frame to send, also in field names', () => {
    placeholders.differences({ last: '<number>', room: '<room>' }, { last: 7, room: 'r1' })
    expect(placeholders.fill({ after: '<number>', rooms: { '<room>': 0 } })).toEqual({ after: 7, rooms: { r1: 0 } })
  })

  it('without a value gets a random one when it is sent', () => {
    const { name, again } = placeholders.fill({ name: '<name>', again: '<name>' }) as Record<string, string>
    expect(name).toBe(again)
    expect(placeholders.differences({ name: '<name>' }, { name })).toEqual([])
    expect(new Placeholders().fill('<name>')).not.toBe(name)
  })

  it('of a time accepts only times, and <…> accepts any existing value', () => {
    expect(placeholders.differences('<time>', '2026-11-22T22:33:01.123Z')).toEqual([])
    expect(placeholders.differences('<time 2>', 'yesterday')).toHaveLength(1)
    expect(placeholders.differences({ a: '<…>' }, { a: { b: 1 } })).toEqual([])
    expect(placeholders.differences({ a: '<…>' }, {})).toEqual(['/a is missing'])
  })
})

it('each difference between a frame and the transcript is reported with its path', () => {
  const expected = { text: 'a', from: { user: 'alice' }, seqs: [1, 2] }
  expect(placeholders.differences(expected, { text: 'b', from: { user: 'alice', age: 7 }, seqs: [1] })).toEqual([
    '/text is "b", not "a"',
    '/from/age is not expected',
    '/seqs has 1 items',
    '/seqs/1 is undefined, not 2',
  ])
})
