// An app command for the local run: synthesizes the stack, with existing tables in place of its own. Arguments are
// pairs such as Messages=<table>.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

execFileSync(process.execPath, ['--import', 'tsx', 'infra/app.ts'], { stdio: 'inherit' })
const folder = process.env.CDK_OUTDIR
for (const name of readdirSync(folder).filter((each) => each.endsWith('.template.json'))) {
  const template = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  for (const [kind, table] of process.argv.slice(2).map((pair) => pair.split('='))) {
    const found = Object.entries(template.Resources).filter(
      ([id, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable' && new RegExp(`${kind}[0-9A-F]{8}$`).test(id),
    )
    if (found.length !== 1) throw new Error(`The stack has ${found.length} tables ${kind}.`)
    found[0][1].Properties.TableName = table
  }
  writeFileSync(join(folder, name), JSON.stringify(template))
}
