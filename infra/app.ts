import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { App } from 'aws-cdk-lib/core'
import { bundle } from './bundle.ts'
import { ChatStack } from './chat.ts'
import { settingsOf } from './settings.ts'

const app = new App()
const settings = settingsOf(app.node)
const root = join(import.meta.dirname, '..')
const folder = bundle(root)

function page(): string {
  execFileSync('npm', ['run', '--silent', 'build:demo'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  return join(root, 'page', 'dist')
}

new ChatStack(app, 'PersistentChat', { settings, codeOf: (name) => Code.fromAsset(join(folder, name)), page })
