import { chat } from './chat/command.ts'
import { start } from './command/start.ts'

await start(chat)
