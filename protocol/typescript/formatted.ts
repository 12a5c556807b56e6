import { execFileSync } from 'node:child_process'
import { typeFiles } from './document.ts'

/** The files of `protocol/types` by path, as the formatter leaves them. */
export const formattedTypes = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeFiles()).map(([name, text]) => {
      const path = `protocol/types/${name}.ts`
      const command = ['--no-install', 'biome', 'format', `--stdin-file-path=${path}`]
      return [path, execFileSync('npx', command, { input: text, encoding: 'utf8' })]
    }),
  )
