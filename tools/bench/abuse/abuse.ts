import { setTimeout } from 'node:timers/promises'
import { limits } from '../../../protocol/limits.ts'
import { type LocalRun, startLocalRun } from '../../../test/support/local-run/local-run.ts'
import type { ChatSocket } from '../../../test/support/socket/chat-socket.ts'
import { type Consumption, consumed } from '../consumption.ts'
import { closeAll, connect } from '../members.ts'
import { progress } from '../progress.ts'
import { rounded, table } from '../report.ts'
import { type Attack, attacks, type NextFrame } from './attacks.ts'

/**
 * `ABUSE=10 npm run bench -- abuse` attacks for a shorter time; the figures are for that time. The budget is that of a
 * minute. Without a budget nothing changes after some seconds, so that is measured for less.
 */
const seconds = Number(process.env.ABUSE ?? 60)
const secondsWithout = Math.min(10, seconds)

/** Frames of each connection that wait for a reply. */
const inFlight = 4

const budget = 120_000
const unlimited = 1_000_000_000
const quotas = ['roomsPerDay', 'roomsManaged'].map((name) => `${name}=1000000`)

interface Outcome {
  frames: number
  refused: number
  used: Consumption
}

/** What one user with all their connections can spend by each verb, without a budget and with it. */
export async function abuse(): Promise<string> {
  const noBudget = [`unitsPerMinute=${unlimited}`, `messagesPerMinute=${unlimited}`]
  const before = await attackAll(noBudget, secondsWithout)
  const after = await attackAll([], seconds)
  const head = [
    'what the user sends',
    'budget',
    'seconds',
    'frames',
    'refused',
    'read units',
    'write units',
    'posts',
    'units',
    'target',
  ]
  const rows = attacks.flatMap(({ name }, at) => [row(name, 'none', before[at]), row('', 'default', after[at])])
  return `One user on ${limits.connectionsPerUser} connections. The target is 3 times the budget of a minute, which is ${budget} units.

${table(head, rows)}`
}

function row(name: string, limited: string, outcome: Outcome | undefined): string[] {
  if (!outcome) throw new Error(`${name} was not measured.`)
  const { frames, refused, used } = outcome
  const units = unitsIn(outcome)
  const isTarget = limited === 'default'
  const verdict = isTarget ? `≤ ${3 * budget}: ${units <= 3 * budget ? 'holds' : 'does not hold'}` : ''
  return [
    name,
    limited,
    isTarget ? seconds : secondsWithout,
    frames,
    refused,
    rounded(used.readUnits),
    rounded(used.writeUnits),
    used.posts,
    rounded(units),
    verdict,
  ].map(String)
}

/** The prices of docs/protocol.md. */
const unitsIn = ({ frames, used }: Outcome) => used.readUnits + 5 * used.writeUnits + used.posts + 10 * frames

async function attackAll(settings: readonly string[], forSeconds: number): Promise<Outcome[]> {
  const run = await startLocalRun({ CONTEXT: [...quotas, ...settings].join(',') })
  try {
    const outcomes: Outcome[] = []
    for (const attack of attacks) {
      progress(`abuse: ${attack.name}${settings.length > 0 ? ', without a budget' : ''}`)
      outcomes.push(await attackOnce(run, attack, `attacker${outcomes.length}`, forSeconds))
    }
    return outcomes
  } finally {
    await run.stop()
  }
}

async function attackOnce(run: LocalRun, attack: Attack, user: string, forSeconds: number): Promise<Outcome> {
  const connected = await Promise.all(Array.from({ length: limits.connectionsPerUser }, () => connect(run, user)))
  const sockets = connected as [ChatSocket, ...ChatSocket[]]
  const next = await attack.prepare(run, sockets)
  const counts = { frames: 0, refused: 0 }
  const used = await consumed(run, 1, () => flood(sockets, next, counts, forSeconds))
  await closeAll(sockets)
  return { ...counts, used }
}

/** A frame without a reply, as after an invocation that took too long, is not waited for beyond this time. */
const unansweredMs = 10_000

/** Sends frames on all connections until the time is over or the connections are closed. */
async function flood(
  sockets: readonly ChatSocket[],
  next: NextFrame,
  counts: { frames: number; refused: number },
  forSeconds: number,
): Promise<void> {
  const end = performance.now() + forSeconds * 1000
  const over = setTimeout(forSeconds * 1000 + unansweredMs, undefined, { ref: false })
  const send = async (socket: ChatSocket) => {
    while (performance.now() < end) {
      const { action, ...fields } = next(counts.frames++)
      const reply = await Promise.race([socket.request(action, fields).catch(() => undefined), over])
      if (!reply) return
      if (!reply.ok) counts.refused++
    }
  }
  await Promise.all(sockets.flatMap((socket) => Array.from({ length: inFlight }, () => send(socket))))
}
