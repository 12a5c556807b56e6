import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scratchFolder } from '../../../local/scratch.ts'
import { synthesize } from '../../../local/template/load.ts'

export interface OtherGateway {
  /** The address that the functions post to. */
  origin: string
  /** Further environment variables of the functions. */
  variables?: Record<string, string>
  /** Context of the CDK, such as `workers`. */
  context?: Record<string, string>
}

/**
 * Synthesizes the stack with functions that post to another address than the local gateway. Returns the folder of the
 * assembly; the caller removes it.
 */
export async function assemblyPostingTo({ origin, variables: more, context = {} }: OtherGateway): Promise<string> {
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

// biome-ignore lint/suspicious/noExplicitAny: the template has no type
type Loose = any
