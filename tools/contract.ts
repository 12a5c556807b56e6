import { writeFileSync } from 'node:fs'
import { asyncApi } from '../protocol/asyncapi/document.ts'

/** `npm run contract`: what is published follows from the schemas, and a test holds it to them. */
writeFileSync(new URL('../docs/asyncapi.json', import.meta.url), `${JSON.stringify(asyncApi(), null, 2)}\n`)
