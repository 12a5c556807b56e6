import { start } from './command/start.ts'
import { redrive } from './redrive/command.ts'

await start(redrive)
