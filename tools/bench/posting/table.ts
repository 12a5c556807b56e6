import { median } from '../percentiles.ts'
import { type Cell, type Findings, rounded, table, verdict } from '../report.ts'
import { type Way, wayNames, ways } from './ways.ts'

/** The measurement of one way in one round: posts per processor-second, and memory. */
export interface Round {
  way: Way
  round: number
  near: number
  far: number
  fresh: number
  smallMiB: number
  largeMiB: number
}

type Figure = (of: Round) => number

const near: Figure = (one) => one.near
const far: Figure = (one) => one.far
const fresh: Figure = (one) => one.fresh
const growth: Figure = ({ largeMiB, smallMiB }) => largeMiB / smallMiB
const columns: readonly Figure[] = [near, far, fresh, ({ smallMiB }) => smallMiB, ({ largeMiB }) => largeMiB, growth]

export function findings(measured: readonly Round[]): Findings {
  return {
    text: `${figures(measured)}\n\n${targets(measured)}`,
    charts: {
      processor: {
        kind: 'bars',
        title: 'Posts per processor-second',
        description: 'For a process that posts one message to 10,000 connections, and for a new process.',
        series: wayNames.map((way) => ways[way].name),
        groups: [
          {
            label: '10,000 posts, the peer answers after 8 ms',
            values: wayNames.map((way) => of(measured, way, far)),
          },
          { label: 'the first 500 of a process', values: wayNames.map((way) => of(measured, way, fresh)) },
        ],
      },
    },
  }
}

const of = (measured: readonly Round[], way: Way, figure: Figure): number =>
  rounded(median(measured.filter((one) => one.way === way).map(figure)))

const figures = (measured: readonly Round[]): string =>
  table(
    [
      'way',
      'posts per processor-second, 0 ms',
      '8 ms',
      'first 500 of a process',
      'peak MiB, 100 posts',
      '10,000 posts',
      'ratio',
    ],
    wayNames.map((way) => [ways[way].name, ...columns.map((figure) => of(measured, way, figure))]),
  )

function targets(measured: readonly Round[]): string {
  const rounds = [...new Set(measured.map(({ round }) => round))]
  const find = (way: Way, round: number): Round => {
    const found = measured.find((one) => one.way === way && one.round === round)
    if (!found) throw new Error(`${ways[way].name} has no round ${round}.`)
    return found
  }
  const ratiosTo = (other: Way, figure: Figure) =>
    rounds.map((round) => rounded(figure(find('ours', round)) / figure(find(other, round))))
  const row = (name: string, values: readonly number[], judged: string): Cell[] => [name, ...values, judged]
  const toSdk = ratiosTo('usedWell', far)
  const toFloor = ratiosTo('floor', far)
  const freshToSdk = ratiosTo('usedWell', fresh)
  const grown = rounds.map((round) => rounded(growth(find('ours', round))))
  return table(
    ['of this', ...rounds.map((round) => `round ${round}`), 'target'],
    [
      row("warm at 8 ms, to the SDK's client used well", toSdk, `${atLeast(toSdk, 4)}, ${atLeast(toSdk, 8)}`),
      row('the same, to the floor', toFloor, atLeast(toFloor, 0.5)),
      row(
        "first 500, to the SDK's client used well",
        freshToSdk,
        `${atLeast(freshToSdk, 2.5)}, ${atLeast(freshToSdk, 5)}`,
      ),
      row('peak memory of 10,000 posts, to that of 100', grown, verdict(Math.max(...grown), 1.3)),
    ],
  )
}

/** Holds if it holds in each round. */
const atLeast = (values: readonly number[], least: number): string =>
  `≥ ${least}: ${Math.min(...values) >= least ? 'holds' : '**does not hold**'}`
