import { start } from '../commands/start.ts'
import { chat } from './chat/command.ts'

await start(chat)
