/** The program of `cdk deploy`. */

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { App } from 'aws-cdk-lib/core'
import { bundle } from './bundle.ts'
import { checkSettingNames, settingsFromContext, stackNameFrom } from './context.ts'
import { resourcesFrom } from './resource-context.ts'
import { ChatStack } from './stack.ts'

const root = join(import.meta.dirname, '..')
const app = new App()
const { demo, ...settings } = settingsFromContext(app.node)
const folder = bundle(root)

new ChatStack(app, stackNameFrom(app.node), {
  ...settings,
  resources: resourcesFrom,
  code: (functionName) => Code.fromAsset(join(folder, functionName)),
  ...(demo && { page: buildPage() }),
})
checkSettingNames(app.node)

function buildPage(): string {
  execFileSync('npm', ['run', '--silent', 'build:page'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  return join(root, 'page', 'dist')
}
