import { writeFileSync } from 'node:fs'
import { formatted } from '../protocol/typescript/formatted.ts'

/** `npm run contract` writes the types from the schemas; a test compares them. */
writeFileSync(new URL('../protocol/types.ts', import.meta.url), formatted())
