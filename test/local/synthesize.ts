import { lambda, writeAssembly } from './echo-app.ts'

// An app command: writes its assembly to where the runner asks for it.
const { CDK_OUTDIR } = process.env
if (!CDK_OUTDIR) throw new Error('CDK_OUTDIR is not set')
// Longer than any test takes: a run that waited for a function that hangs would be noticed.
writeAssembly(CDK_OUTDIR, lambda('Message', 'message', { Timeout: 900 }))
