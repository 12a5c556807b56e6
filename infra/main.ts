import { join } from 'node:path'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { App } from 'aws-cdk-lib/core'
import { bundle } from './bundle.ts'
import { ChatStack } from './chat-stack.ts'
import { settingsOf } from './settings.ts'

const app = new App()
const settings = settingsOf(app.node)
const folder = bundle(join(import.meta.dirname, '..'))

new ChatStack(app, 'PersistentChat', { settings, codeOf: (name) => Code.fromAsset(join(folder, name)) })
