import { writeAssembly } from './echo-app.ts'

// An app command: writes its assembly to where the runner asks for it.
const { CDK_OUTDIR } = process.env
if (!CDK_OUTDIR) throw new Error('CDK_OUTDIR is not set')
writeAssembly(CDK_OUTDIR)
