import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ping, routes } from '../infra/routes.ts'
import { FrameValidator } from './support/frame-validator.ts'
import { type Deployment, deployment } from './support/local-run/deployment.ts'
import { startLocalRun } from './support/local-run/local-run.ts'
import './support/validate-frames.ts'
import { replay, type Step, type Transcript } from './support/transcript.ts'

const folder = 'test/transcripts'
const transcripts = readdirSync(folder)
  .sort()
  .map((file): [string, Transcript] => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))])

const isShortLived = (step: Step) => 'opens' in step && step.token === 'short-lived'
const steps = transcripts.flatMap(([, transcript]) => transcript.steps)

describe('the transcripts', () => {
  it('contain a request of every verb', () => {
    const verbs = routes.map(({ key }) => key).filter((key) => !key.startsWith('$'))
    const requested = new Set(steps.map((step) => ('from' in step && 'frame' in step ? step.frame.action : undefined)))
    expect([...verbs, ping].filter((verb) => !requested.has(verb))).toEqual([])
  })

  it('contain every type of push that the server sends', () => {
    const pushed = new Set(steps.map((step) => ('to' in step ? step.frame.type : undefined)))
    // The server does not send `messages` yet; clients must accept it, so that busy rooms can use it later.
    expect(new FrameValidator().pushes.filter((type) => !pushed.has(type))).toEqual(['messages'])
  })
})

describe('the server replies as written in the transcript', () => {
  let target: Deployment
  beforeAll(async () => {
    // Some transcripts name everything that there is, so they need a run in which nothing was made before.
    target = await deployment(startLocalRun)
  })
  afterAll(() => target?.stop())

  // Only a local run issues tokens that expire within seconds.
  const replayable = transcripts.filter(([, { steps }]) => !process.env.ENDPOINT || !steps.some(isShortLived))

  it.each(replayable)('%s', async (_, transcript) => replay(transcript, target))
})
