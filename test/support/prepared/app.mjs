// An app command for the local run: writes the assembly that `setup.ts` has synthesized, with the origins of this run.
import { copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { CDK_OUTDIR, CDK_CONTEXT_JSON } = process.env
const [, , assembly, placeholder] = process.argv
const { allowedOrigins } = JSON.parse(CDK_CONTEXT_JSON)
for (const entry of readdirSync(assembly, { withFileTypes: true })) {
  const [from, to] = [join(assembly, entry.name), join(CDK_OUTDIR, entry.name)]
  if (entry.isDirectory()) symlinkSync(from, to)
  else if (!entry.name.endsWith('.template.json')) copyFileSync(from, to)
  else writeFileSync(to, readFileSync(from, 'utf8').replaceAll(placeholder, allowedOrigins))
}
