import { writeFileSync } from 'node:fs'
import { formatted } from '../protocol/typescript/formatted.ts'

/** `npm run contract`: the types follow from the schemas, and a test holds them to it. */
writeFileSync(new URL('../protocol/types.ts', import.meta.url), formatted())
