import { Bindings } from '../support/transcript.ts'

let bindings: Bindings
beforeEach(() => {
  bindings = new Bindings()
})

describe('a placeholder', () => {
  it('takes what it meets first and has to meet it again', () => {
    expect(
      bindings.differences({ a: '<room>', b: ['chat://<domain>/<room>'] }, { a: 'r1', b: ['chat://x/r1'] }),
    ).toEqual([])
    expect(bindings.differences('<room>', 'r2')).toEqual([' is "r2", not "<room>"'])
    expect(bindings.differences('<domain>', 'x')).toEqual([])
  })

  it('is sent as what it stands for, number or text, in names of fields too', () => {
    bindings.differences({ last: '<number>', room: '<room>' }, { last: 7, room: 'r1' })
    expect(bindings.filled({ after: '<number>', rooms: { '<room>': 0 } })).toEqual({ after: 7, rooms: { r1: 0 } })
  })

  it('that is sent before it is met is made up, once', () => {
    const { name, again } = bindings.filled({ name: '<name>', again: '<name>' }) as Record<string, string>
    expect(name).toBe(again)
    expect(bindings.differences({ name: '<name>' }, { name })).toEqual([])
    expect(new Bindings().filled('<name>')).not.toBe(name)
  })

  it('of time takes times alone, and <…> takes anything that is there', () => {
    expect(bindings.differences('<time>', '2026-11-22T22:33:01.123Z')).toEqual([])
    expect(bindings.differences('<time 2>', 'yesterday')).toHaveLength(1)
    expect(bindings.differences({ a: '<…>' }, { a: { b: 1 } })).toEqual([])
    expect(bindings.differences({ a: '<…>' }, {})).toEqual(['/a is missing'])
  })
})

it('whatever a frame has too much, too little or otherwise is named by its path', () => {
  const expected = { text: 'a', from: { user: 'alice' }, seqs: [1, 2] }
  expect(bindings.differences(expected, { text: 'b', from: { user: 'alice', age: 7 }, seqs: [1] })).toEqual([
    '/text is "b", not "a"',
    '/from/age was not to be expected',
    '/seqs has 1 items',
    '/seqs/1 is undefined, not 2',
  ])
})
