/** The part of a local run that tests may share. */
export interface SharedRun {
  url: string
  origin: string
}

/** How a test starts a local run: the arguments of Node and the environment. */
export interface Start {
  args: readonly string[]
  environment: Record<string, string>
}

interface Prepared {
  start: Start
  run: SharedRun
}

/** The people of the tests create more rooms and invite more often than a day allows. */
export const ampleQuotas = {
  roomsPerDay: '10000',
  roomsManaged: '10000',
  invitationsPerDay: '10000',
  invitationsPerInviterPerDay: '10000',
}

const context = Object.entries(ampleQuotas).map(([name, value]) => `${name}=${value}`)

/** A local run that is started from the sources. */
export const fromSources: Start = {
  args: ['--import', 'tsx', 'local/main.ts'],
  environment: { CONTEXT: context.join(',') },
}

/**
 * Asks for what is made once for all test files, when the first one asks; undefined if jest runs without `setup.ts`.
 * Test files of the same worker follow each other, so they share a run.
 */
export async function prepared<What extends keyof Prepared>(what: What): Promise<Prepared[What] | undefined> {
  const { PREPARED, JEST_WORKER_ID } = process.env
  if (!PREPARED) return undefined
  const response = await fetch(`${PREPARED}/${what}?${JEST_WORKER_ID}`)
  const answer = await response.text()
  if (!response.ok) throw new Error(answer)
  return JSON.parse(answer)
}
