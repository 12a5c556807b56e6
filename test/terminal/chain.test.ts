import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { codeFor } from '../../terminal/command/start.ts'
import { breakIn, type ChainedLine, chained, firstHash } from '../../terminal/export/chain.ts'
import { exportRecord } from '../../terminal/export/command.ts'
import { capturedOutput } from '../support/captured-output.ts'
import type { Frame } from '../support/socket/chat-socket.ts'

const entries = [
  { at: '2026-11-23T10:00:00Z', event: 'joined', by: 'alice', details: { name: 'Alice' } },
  {
    at: '2026-11-23T10:00:01Z',
    event: 'said',
    by: 'alice',
    details: { seq: 1, text: 'A/b~"c"', parts: [{ type: 'text', text: 'A/b~"c"' }] },
  },
  {
    at: '2026-11-23T10:00:02Z',
    event: 'granted',
    by: 'bob',
    details: { role: 'member', principals: ['user:carol', 'user:dave'] },
  },
  { at: '2026-11-23T10:00:03Z', event: 'left', by: 'alice', details: { how: 'left' } },
]

function chainOf(list: readonly object[]): ChainedLine[] {
  let salts = 0
  const lines: ChainedLine[] = []
  for (const entry of list) lines.push(chained(entry, lines.at(-1)?.hash ?? firstHash, () => `salt ${salts++}`))
  return lines
}

/** The number of the line at which the chain breaks, after the lines were written and read as JSON; 0 if it holds. */
function broken(lines: readonly unknown[]): number {
  let last = firstHash
  for (const [at, line] of lines.map((each) => JSON.parse(JSON.stringify(each))).entries()) {
    if (breakIn(line, last) !== undefined) return at + 1
    last = line.hash
  }
  return 0
}

const changed = (at: number, change: (line: Frame) => void): unknown[] => {
  const lines = JSON.parse(JSON.stringify(chainOf(entries)))
  change(lines[at])
  return lines
}

describe('the chain of an export', () => {
  it('keeps all fields and holds', () => {
    expect(chainOf(entries)).toMatchObject(entries)
    expect(broken(chainOf(entries))).toBe(0)
  })

  it('has a seal for each text that may be personal', () => {
    const pointers = chainOf(entries).map(({ seals }) => Object.keys(seals))
    expect(pointers).toEqual([
      ['/by', '/details/name'],
      ['/by', '/details/text', '/details/parts/0/text'],
      ['/by', '/details/principals/0', '/details/principals/1'],
      ['/by'],
    ])
    expect(chainOf([{ 'a/b': { '~': 'x' } }])[0]?.seals).toHaveProperty(['/a~1b/~0'])
    expect(broken(chainOf([{ 'a/b': { '~': 'x' } }]))).toBe(0)
  })

  it('holds for any entries', () => {
    const entry = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(fc.property(fc.array(entry, { maxLength: 5 }), (list) => expect(broken(chainOf(list))).toBe(0)))
  })

  it('has no digest that can be compared without its salt', () => {
    const [one, other] = chainOf([entries[0] ?? {}, entries[3] ?? {}])
    expect(one?.seals['/by']?.digest).not.toBe(other?.seals['/by']?.digest)
  })

  it.each<[string, number, (line: Frame) => void]>([
    ['a text', 1, ({ details }) => (details.text = 'Other')],
    ['an item of a list', 2, ({ details }) => (details.principals[1] = 'user:eve')],
    ['a time', 0, (line) => (line.at = '2026-11-23T11:00:00Z')],
    ['a number', 1, ({ details }) => (details.seq = 2)],
    ['an added field', 3, (line) => (line.extra = true)],
    ['an added item', 2, ({ details }) => details.principals.push('user:eve')],
    ['a removed item', 2, ({ details }) => details.principals.pop() && details.principals.pop()],
    [
      'a text with a new seal',
      3,
      (line) =>
        Object.assign(
          line,
          chained({ ...entries[3], by: 'eve' }, '', () => 's'),
        ),
    ],
    ['a digest', 0, ({ seals }) => (seals['/by'].digest = 'x')],
    ['a text whose salt is gone', 0, ({ seals }) => delete seals['/by'].salt],
    ['a missing seal', 0, ({ seals }) => delete seals['/by']],
    ['a hash', 2, (line) => (line.hash = 'x')],
    ['missing seals', 2, (line) => delete line.seals],
  ])('breaks at the line where %s differs', (_, at, change) => {
    expect(broken(changed(at, change))).toBe(at + 1)
  })

  it('breaks where a line is missing, doubled or moved', () => {
    const [one, two, three, four] = chainOf(entries)
    expect(broken([one, three, four])).toBe(2)
    expect(broken([two, three, four])).toBe(1)
    expect(broken([one, two, two, three])).toBe(3)
    expect(broken([one, three, two, four])).toBe(2)
    expect(broken([one, 'text', four])).toBe(2)
  })

  it('holds after a field and its salt were erased', () => {
    const without = changed(1, ({ details, seals }) => {
      delete details.text
      details.parts[0].text = null
      for (const pointer of ['/details/text', '/details/parts/0/text']) delete seals[pointer].salt
    })
    expect(broken(without)).toBe(0)
    const inList = changed(2, ({ details, seals }) => {
      details.principals[0] = null
      delete seals['/details/principals/0'].salt
    })
    expect(broken(inList)).toBe(0)
    expect(JSON.stringify([without[1], inList[2]])).not.toMatch(/A\/b|carol/)
  })
})

describe('export --verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chain-'))
  async function verified(lines: readonly unknown[], ...more: string[]) {
    const file = join(folder, 'record.jsonl')
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const { output, printed } = capturedOutput(more.includes('--json'))
    const code = await codeFor(exportRecord, ['--verify', file, ...more], output)
    return { code, ...printed() }
  }

  it('reports that the chain of a file holds', async () => {
    const lines = chainOf(entries)
    const hash = lines.at(-1)?.hash
    expect(await verified(lines)).toEqual({
      code: 0,
      out: `The chain holds: 4 lines, the last one with the hash ${hash}.\n`,
      error: '',
    })
    expect(JSON.parse((await verified(lines, '--json')).out)).toEqual({ lines: 4, hash })
  })

  it('reports the line at which the chain breaks', async () => {
    const { code, out, error } = await verified(changed(1, ({ details }) => (details.text = 'Other')))
    expect([code, out]).toEqual([1, ''])
    expect(error).toBe('line 2: The chain breaks at line 2: /details/text was changed.\n')
  })

  it('fails for a file that is empty or not there', async () => {
    expect((await verified([])).code).toBe(1)
    const { output, printed } = capturedOutput()
    expect(await codeFor(exportRecord, ['--verify', join(folder, 'none')], output)).toBe(1)
    expect(printed().error).toContain('cannot be read')
  })

  it('asks for a room where no file is given', async () => {
    const { output, printed } = capturedOutput()
    expect(await codeFor(exportRecord, [], output)).toBe(2)
    expect(printed().error).toContain('--room is missing')
  })
})
