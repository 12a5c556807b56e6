import { type Kill, readKill } from './kills.ts'

/** The faults that can be injected. Each has a separate sequence of random numbers, which only the seed determines. */
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
  'failFunction',
  'issuerDown',
] as const

export type FaultName = (typeof faultNames)[number]

export interface Faults {
  /** Whether the fault happens this time, to what it names if its specification names something. */
  happens(name: FaultName, to?: string): boolean
  /** A random number in [0, 1) for a fault that happens: the length of a delay, or the side of a call. */
  amount(name: FaultName): number
  /** Replaces the specification; an empty one stops all faults. */
  set(spec: string): void
  /** The specification. */
  readonly spec: string
  /** The kills of the specification, with their progress. */
  readonly kills: readonly Kill[]
}

/**
 * `spec` contains the probability of each fault, for example `dropDisconnect:0.3,post429:0.05`. A table or a function can
 * follow, by a part of its name: `throttleTable:1:Messages`, `failFunction:1:Send`. It contains kills as well:
 * `kill:Send:3:after` kills the environment that handles the next event of the function `Send`, after its third call.
 */
export function seededFaults(seed: number, spec = ''): Faults {
  let [probabilities, kills] = readSpec(spec)
  let current = spec
  const sequences = new Map<string, () => number>()
  const draw = (name: string) => {
    const next = sequences.get(name) ?? sequence(seed, name)
    sequences.set(name, next)
    return next()
  }
  return {
    happens(name, to = '') {
      const likely = probabilities.get(name)
      return likely !== undefined && to.includes(likely.to) && draw(name) < likely.probability
    },
    amount: (name) => draw(`${name}/amount`),
    set(next) {
      const [nextProbabilities, nextKills] = readSpec(next)
      probabilities = nextProbabilities
      kills = nextKills
      current = next
    },
    get spec() {
      return current
    },
    get kills() {
      return kills
    },
  }
}

interface Likely {
  probability: number
  /** A part of the name of what the fault happens to; empty for everything. */
  to: string
}

function readSpec(spec: string): [Map<FaultName, Likely>, Kill[]] {
  const probabilities = new Map<FaultName, Likely>()
  const kills: Kill[] = []
  for (const part of spec.split(',').filter((item) => item.trim())) {
    const [key = '', value = '', to = ''] = part.trim().split(':')
    if (key === 'kill') {
      kills.push(readKill(part.trim()))
      continue
    }
    const name = faultNames.find((known) => known === key)
    const probability = Number(value)
    if (!name) throw new Error(`There is no fault "${key}"; there are ${faultNames.join(', ')}, kill`)
    if (!value || !(probability >= 0 && probability <= 1)) {
      throw new Error(`The fault ${name} needs a probability from 0 to 1, as in ${name}:0.1`)
    }
    probabilities.set(name, { probability, to })
  }
  return [probabilities, kills]
}

/** The random number generator Mulberry32, started with the seed and the name. */
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
