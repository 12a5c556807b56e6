import { start } from '../commands/start.ts'
import { exportRecord } from './export/command.ts'

await start(exportRecord)
