import { type Kill, readKill } from './kills.ts'

/** What can go wrong on demand. Each kind draws from a sequence of its own, which the seed alone decides. */
export const faultNames = [
  'dropDisconnect',
  'twiceConnect',
  'twiceDisconnect',
  'twiceMessage',
  'delayConnect',
  'post403',
  'post410',
  'post429',
  'post500',
  'post410After',
  'post429After',
  'post500After',
  'delayPost',
  'hangPost',
  'throttleTable',
  'failCallBefore',
  'failCallAfter',
  'killAtCall',
] as const

export type FaultName = (typeof faultNames)[number]

export interface Faults {
  /** Whether this occasion is one on which `name` happens. */
  strikes(name: FaultName): boolean
  /** A number in [0, 1) that goes with a strike: how long to delay, which side of a call. */
  amount(name: FaultName): number
  /** Takes a new specification; an empty one ends all faults. */
  set(spec: string): void
  /** The kills that were asked for, and what became of them. */
  readonly kills: readonly Kill[]
}

/**
 * `spec` reads `dropDisconnect:0.3,post429:0.05`: the probability of each fault; and `kill:Send:3:after`: the next
 * event of the function whose name has `Send` in it is to be its environment's last, at its third call.
 */
export function seededFaults(seed: number, spec = ''): Faults {
  let [odds, kills] = readSpec(spec)
  const draws = new Map<string, () => number>()
  const draw = (stream: string) => {
    const next = draws.get(stream) ?? sequence(seed, stream)
    draws.set(stream, next)
    return next()
  }
  return {
    strikes(name) {
      const probability = odds.get(name)
      return probability !== undefined && draw(name) < probability
    },
    amount: (name) => draw(`${name}/amount`),
    set(next) {
      const [nextOdds, nextKills] = readSpec(next)
      odds = nextOdds
      kills = nextKills
    },
    get kills() {
      return kills
    },
  }
}

function readSpec(spec: string): [Map<FaultName, number>, Kill[]] {
  const odds = new Map<FaultName, number>()
  const kills: Kill[] = []
  for (const part of spec.split(',').filter((item) => item.trim())) {
    const [written = '', value = ''] = part.trim().split(':')
    if (written === 'kill') {
      kills.push(readKill(part.trim()))
      continue
    }
    const name = faultNames.find((known) => known === written)
    const probability = Number(value)
    if (!name) throw new Error(`There is no fault "${written}"; there are ${faultNames.join(', ')}, kill`)
    if (!value || !(probability >= 0 && probability <= 1)) {
      throw new Error(`The fault ${name} needs a probability from 0 to 1, as in ${name}:0.1`)
    }
    odds.set(name, probability)
  }
  return [odds, kills]
}

/** Mulberry32, started from the seed and the name of the stream. */
function sequence(seed: number, name: string): () => number {
  let state = seed >>> 0
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
