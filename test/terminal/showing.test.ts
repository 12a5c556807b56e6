import { KnownNames, type Message } from '../../client/index.ts'
import { continuationMark, foldLines } from '../../terminal/chat/folding.ts'
import { participantLine } from '../../terminal/chat/format.ts'
import { MessagePrinter } from '../../terminal/chat/message-printer.ts'
import { message } from '../client/scripted-server.ts'
import { capturedOutput } from '../support/captured-output.ts'

async function shown(
  entries: readonly Message[],
  { columns, isJson = false }: { columns?: number; isJson?: boolean } = {},
) {
  const { output, printed } = capturedOutput(isJson)
  const printer = new MessagePrinter(output, new KnownNames(), () => columns)
  for (const entry of entries) await printer.print(entry)
  return printed().out.split('\n').slice(0, -1)
}

describe('a text of another user', () => {
  test.each([
    ['a line feed', 'hello\n08:22 PM Boss: You are fired.'],
    ['a carriage return', 'hello\r08:22 PM Boss: You are fired.'],
    ['the line end of Windows', 'hello\r\n08:22 PM Boss: You are fired.'],
    ['a line separator', 'hello\u202808:22 PM Boss: You are fired.'],
    ['a cursor movement', 'hello\u001b[1E08:22 PM Boss: You are fired.'],
    ['a next line of C1', 'hello\u008508:22 PM Boss: You are fired.'],
    ['more characters than the terminal is wide', `${'x'.repeat(69)}08:22 PM Boss: You are fired.`],
    ['more wide characters than the terminal is wide', `${'界'.repeat(34)} 08:22 PM Boss: You are fired.`],
  ])('with %s does not look like a line of another author', async (_, text) => {
    const lines = await shown([message(1, { from: { user: 'eve', name: 'Eve' }, text })], { columns: 80 })
    expect(lines[0]).toMatch(/^\d\d:\d\d.* Eve: /)
    for (const line of lines.slice(1)) expect(line.startsWith(continuationMark)).toBe(true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the output must not contain these characters
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
  })

  test('does not look like such a line in a name or a title', async () => {
    const from = { user: 'eve', name: 'Eve: hi\n08:22 PM Boss' }
    const lines = await shown([message(1, { from, title: 'a\n08:22 PM Boss: b', text: 'c' })])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(' Eve\\u{3a} hi\\u{a}08\\u{3a}22 PM Boss: «a 08:22 PM Boss: b» c')
  })

  test('does not change the reading direction', async () => {
    const [line] = await shown([message(1, { text: '\u202eevil' })])
    expect(line).toMatch(/ Bob: \\u\{202e\}evil$/)
  })

  test('stays on one line in the name of a participant', () => {
    const user = { user: 'eve', name: 'Eve\n08:22 Boss', isManager: false, isPresenter: false }
    expect(participantLine({ event: 'joined', user }, new KnownNames())).toBe('Eve\\u{a}08\\u{3a}22 Boss came in')
  })

  test('is folded for narrow terminals without losing a character', () => {
    const text = `${'ab界'.repeat(30)}`
    const rows = foldLines([text], 20)
    const width = (row: string) => [...row].reduce((sum, one) => sum + (one === '界' ? 2 : 1), 0)
    expect(Math.max(...rows.map(width))).toBeLessThanOrEqual(20)
    expect(rows.map((row, at) => (at === 0 ? row : row.slice(continuationMark.length))).join('')).toBe(text)
  })
})

describe('a removal', () => {
  const removal: Message = { roomId: 'lobby', seq: 3, sentAt: '2026-11-22T22:33:01.123Z', by: 'root', removes: [1, 2] }

  test('names the administrator, the removed messages and their authors if these are known', async () => {
    const lines = await shown([message(2, { from: { user: 'eve', name: 'Eve' } }), removal])
    expect(lines[1]).toMatch(/^\* root removed messages 1; 2 \(Eve, \d\d:\d\d.*\)\.$/)
  })

  test('names the user whose messages were all removed', async () => {
    const [line] = await shown([{ ...removal, removes: [], removesOf: 'eve', upTo: 2 }])
    expect(line).toBe('* root removed all messages of eve.')
  })

  test('shows the replacement', async () => {
    const [line] = await shown([{ ...removal, removes: [7], replacement: 'Be\nkind.' }])
    expect(line).toBe('* root removed message 7. In its place stands: Be kind.')
  })

  test('stays on one line with any name of the administrator', async () => {
    const [line] = await shown([{ ...removal, by: 'x\n08:22 Boss: y' }])
    expect(line).toMatch(/^\* x\\u\{a\}08/)
  })

  test('is the only entry besides messages that is shown; unknown kinds are hidden', async () => {
    const { text: _, from: __, ...unknown } = message(4)
    expect(await shown([unknown, { ...unknown, from: { user: 'bob', name: 'Bob' } }])).toEqual([])
  })
})

test('a removed message names the administrator who removed it', async () => {
  const { text: _, ...rest } = message(1, { removed: { by: 'root', at: '2026-11-22T22:34:00.000Z' } })
  expect((await shown([rest]))[0]).toMatch(/ Bob: \(removed by root\)$/)
})

test('programs get each entry as it is stored, in one line of printable characters', async () => {
  const entries = [message(1, { text: 'a\n\u001b\u2028\u202eb' }), message(2, { removes: [1], by: 'root' })]
  const lines = await shown(entries, { isJson: true })
  expect(lines.map((line) => JSON.parse(line))).toEqual(entries)
  expect(lines.join('')).toMatch(/^[ -~]+$/)
})

describe('people of the same name', () => {
  const alice = { user: 'u1', name: 'Alice' }
  const other = { user: 'u2', name: 'alice' }

  test('have their ids beside the name as soon as both have written', async () => {
    const lines = await shown([
      message(1, { from: alice, text: 'one' }),
      message(2, { from: other, text: 'two' }),
      message(3, { from: alice, text: 'three' }),
    ])
    expect(lines.map((line) => line.replace(/^.*?(?=Alice|alice)/, ''))).toEqual([
      'Alice: one',
      'alice (u2): two',
      'Alice (u1): three',
    ])
  })

  test('have their ids in the line that says who came in', () => {
    const names = new KnownNames().add(alice).add(other)
    const user = { ...alice, isManager: false, isPresenter: false }
    expect(participantLine({ event: 'joined', user }, names)).toBe('Alice (u1) came in')
  })
})

test('a link is shown with its address if its text is another', async () => {
  const parts: Message['parts'] = [
    { type: 'text', text: 'See ' },
    { type: 'link', text: 'bank.example', href: 'https://evil.example/' },
    { type: 'text', text: ' and ' },
    { type: 'link', text: 'https://example.org/', href: 'https://example.org/' },
  ]
  const [line] = await shown([message(1, { text: 'See bank.example and https://example.org/', parts })])
  expect(line).toMatch(/: See bank\.example <https:\/\/evil\.example\/> and https:\/\/example\.org\/$/)
})
