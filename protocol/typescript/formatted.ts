import { execFileSync } from 'node:child_process'
import { typesDocument } from './document.ts'

/** The text of `protocol/types.ts` as the formatter leaves it. */
export const formatted = (): string =>
  execFileSync('npx', ['--no-install', 'biome', 'format', '--stdin-file-path=protocol/types.ts'], {
    input: typesDocument(),
    encoding: 'utf8',
  })
