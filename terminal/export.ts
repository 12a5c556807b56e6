import { start } from './command/start.ts'
import { exportRecord } from './export/command.ts'

await start(exportRecord)
