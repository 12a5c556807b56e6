import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAssembly, synthesize } from '../../local/template/load.ts'
import { ampleQuotas, prepared } from '../support/prepared/prepared.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

/** What the app command writes for a run with these origins. */
async function written(app?: string) {
  const outDir = await mkdtemp(join(tmpdir(), 'assembly-'))
  folders.push(outDir)
  const context = { ...ampleQuotas, allowedOrigins: 'http://127.0.0.1:1,http://localhost:1' }
  await synthesize({ root: process.cwd(), app, outDir, context, signal: new AbortController().signal })
  const { stack, template, assets } = await readAssembly(outDir)
  const sources = [...assets.values()].map((folder) => readFile(join(folder, 'index.mjs'), 'utf8'))
  return { stack, template, sources: await Promise.all(sources) }
}

it('a run of the tests has the resources and functions of a synthesis with its own origins', async () => {
  const start = await prepared('start')
  expect(start).toBeDefined()
  const [given, synthesized] = await Promise.all([written(start?.environment.APP), written()])
  expect(given.sources.length).toBeGreaterThan(10)
  expect(given).toEqual(synthesized)
})
