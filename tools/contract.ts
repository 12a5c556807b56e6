import { mkdirSync, writeFileSync } from 'node:fs'
import { asyncApi } from '../protocol/asyncapi/document.ts'
import { formattedTypes } from '../protocol/typescript/formatted.ts'

/** `npm run contract` writes the published contract and the types from the schemas; tests compare them. */
const root = new URL('..', import.meta.url)

writeFileSync(new URL('docs/asyncapi.json', root), `${JSON.stringify(asyncApi(), null, 2)}\n`)
mkdirSync(new URL('protocol/types', root), { recursive: true })
for (const [path, text] of Object.entries(formattedTypes())) writeFileSync(new URL(path, root), text)
