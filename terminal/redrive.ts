import { start } from '../commands/start.ts'
import { redrive } from './redrive/command.ts'

await start(redrive)
