import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ping, routes } from '../infra/routes.ts'
import { Contract } from './support/contract.ts'
import { type Deployment, deployment } from './support/local-run/deployment.ts'
import './support/checked-frames.ts'
import { replay, type Step, type Transcript } from './support/transcript.ts'

const folder = 'test/transcripts'
const transcripts = readdirSync(folder)
  .sort()
  .map((file): [string, Transcript] => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))])

const isShortLived = (step: Step) => 'opens' in step && step.token === 'short-lived'
const steps = transcripts.flatMap(([, transcript]) => transcript.steps)

describe('the transcripts', () => {
  it('hold every verb, asked and answered', () => {
    const verbs = routes.map(({ key }) => key).filter((key) => !key.startsWith('$'))
    const asked = new Set(steps.map((step) => ('from' in step && 'frame' in step ? step.frame.action : undefined)))
    expect([...verbs, ping].filter((verb) => !asked.has(verb))).toEqual([])
  })

  it('hold every push that is sent', () => {
    const told = new Set(steps.map((step) => ('to' in step ? step.frame.type : undefined)))
    // A busy room's messages may travel together one day; clients have to bear it, and nothing makes it happen yet.
    expect(new Contract().pushes.filter((type) => !told.has(type))).toEqual(['messages'])
  })
})

describe('replayed, each conversation goes as it is written:', () => {
  let target: Deployment
  beforeAll(async () => {
    target = await deployment()
  })
  afterAll(() => target?.stop())

  // Only a local run gives out tokens that end at once.
  const playable = transcripts.filter(([, { steps }]) => !process.env.ENDPOINT || !steps.some(isShortLived))

  it.each(playable)('%s', async (_, transcript) => replay(transcript, target))
})
