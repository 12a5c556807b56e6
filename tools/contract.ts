import { writeFileSync } from 'node:fs'
import { asyncApi } from '../protocol/asyncapi/document.ts'

/** `npm run contract` writes the published contract from the schemas; a test compares them. */
writeFileSync(new URL('../docs/asyncapi.json', import.meta.url), `${JSON.stringify(asyncApi(), null, 2)}\n`)
