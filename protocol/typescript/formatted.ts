import { execFileSync } from 'node:child_process'
import { typeFiles } from './document.ts'

/** The formatted text of each file in `protocol/types`, by path. */
export const formattedTypes = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typeFiles()).map(([name, text]) => {
      const path = `protocol/types/${name}.ts`
      const command = ['--no-install', 'biome', 'format', `--stdin-file-path=${path}`]
      return [path, execFileSync('npx', command, { input: text, encoding: 'utf8' })]
    }),
  )
