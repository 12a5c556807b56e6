import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scratchFolder } from '../../local/scratch.ts'
import { synthesize } from '../../local/template/load.ts'

export interface Elsewhere {
  /** Where the functions post. */
  origin: string
  /** What else stands in their environment. */
  variables?: Record<string, string>
  /** Context of the CDK: `workers`. */
  context?: Record<string, string>
}

/**
 * Synthesizes the stack with functions that post to another address than that of the gateway. Answers the folder of the
 * assembly, which is the caller's to remove.
 */
export async function postingTo({ origin, variables: more, context = {} }: Elsewhere): Promise<string> {
  const dir = await scratchFolder()
  await synthesize({ root: process.cwd(), outDir: dir, context, signal: new AbortController().signal })
  const file = join(dir, 'PersistentChat.template.json')
  const template = JSON.parse(await readFile(file, 'utf8'))
  for (const { Type, Properties } of Object.values<Loose>(template.Resources)) {
    const variables = Properties?.Environment?.Variables
    if (Type !== 'AWS::Lambda::Function' || !variables.CONNECTIONS_URL) continue
    const [, stage] = /(\w+)"\]/.exec(JSON.stringify(variables.CONNECTIONS_URL)) ?? []
    Object.assign(variables, { CONNECTIONS_URL: `${origin}/${stage}`, ...more })
  }
  await writeFile(file, JSON.stringify(template))
  return dir
}

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever the CDK writes
type Loose = any
