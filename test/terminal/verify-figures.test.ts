import type { Finding } from '../../terminal/verify/check.ts'
import { judgedPushes } from '../../terminal/verify/checks/pushes.ts'
import { percentiles } from '../../terminal/verify/percentiles.ts'
import { lineOf, tableOf } from '../../terminal/verify/report.ts'
import { message } from '../client/scripted-server.ts'

describe('the verdicts over pushes', () => {
  const log = [1, 2, 3, 4].map((seq) => message(seq))
  const sent = log.map(({ text = '' }, at) => ({ text, at: at * 100 }))
  /** What one connection hears: positions, and when. */
  const heard = (...pushes: [seq: number, at: number][]) => pushes.map(([seq, at]) => ({ entry: message(seq), at }))
  const inOrder = heard([1, 10], [2, 110], [3, 210], [4, 310])
  const failed = (heardByEach: ReturnType<typeof heard>[], tolerance = 0) =>
    Object.entries(judgedPushes(log, sent, heardByEach, tolerance)).flatMap(([name, { verdict }]) =>
      verdict === 'failed' ? [name] : [],
    )

  test('are passed for messages that come once and in order', () => {
    expect(failed([inOrder, inOrder])).toEqual([])
    expect(judgedPushes(log, sent, [inOrder], 0)['send-to-seen']).toEqual({
      verdict: 'unknown',
      seen: 'p50 10 ms, p90 10 ms, p99 10 ms of 4',
    })
  })

  test('name the one promise that is broken', () => {
    expect(failed([heard([1, 10], [3, 210], [2, 230], [4, 310])])).toEqual(['push.order'])
    expect(failed([heard([1, 10], [2, 110], [1, 120], [3, 210], [4, 310])])).toEqual(['push.once'])
    expect(failed([inOrder, heard([1, 10], [2, 110], [4, 310])])).toEqual(['push.arrives'])
    const moved = inOrder.with(1, { entry: message(3, { text: 'message 2' }), at: 110 })
    expect(failed([moved], 1)).toEqual(['push.same'])
  })

  test('tolerate as many pushes as the share says, and report them', () => {
    const late = heard([1, 10], [3, 210], [4, 310], [2, 520])
    expect(failed([inOrder, late], 1 / 8)).toEqual([])
    expect(failed([inOrder, late], 1 / 9)).toEqual(['push.order'])
    const { seen } = judgedPushes(log, sent, [inOrder, late], 1 / 8)['push.order']
    expect(seen).toBe('overtaken 1 of 8, for 310 ms at most; 1 too late')
  })
})

test('percentiles are measured figures', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect(percentiles(hundred)).toBe('p50 50 ms, p90 90 ms, p99 99 ms of 100')
  expect(percentiles([7])).toBe('p50 7 ms, p90 7 ms, p99 7 ms of 1')
})

describe('the report', () => {
  const findings: Finding[] = [
    { check: 'ping', verdict: 'passed', expected: 'answered', seen: 'accepted' },
    { check: 'frames', verdict: 'failed', expected: 'accepted', seen: 'chat.example.org:444 says "\u001b[2J"' },
  ]

  test('is a table that no answer of the server can disturb', () => {
    expect(tableOf(findings)).toEqual([
      'verdict  check   expected  seen',
      'passed   ping    answered  accepted',
      'failed   frames  accepted  chat.example.org:444 says "\\u{1b}[2J"',
    ])
  })

  test('is one line for an issue, without the host and the query', () => {
    const url = 'wss://chat.example.org:444/chat?token=secret'
    const settings = { command: 'verify', url, messages: 1, flood: 0, settleMs: 0, answerTimeoutMs: 0, tolerance: 0 }
    const line = lineOf('verify', { settings, hello: undefined }, findings)
    expect(line).toMatch(
      /^persistent-chat \d+\.\d+\.\d+ verify of a deployment at wss:\/\/…\/chat, protocol 1\.0, node /,
    )
    expect(line).toContain(': 1 passed, 1 failed, 0 unknown: ping passed (accepted); frames failed (… says "')
    expect(line).not.toMatch(/example|secret/)
  })
})
