import { lambda, writeAssembly } from './echo-app.ts'

// An app command for the local run, as in cdk.json: writes an assembly to the given folder.
const { CDK_OUTDIR } = process.env
if (!CDK_OUTDIR) throw new Error('CDK_OUTDIR is not set')
// Longer than any test may take, so that a run that waits for a hanging function makes its test fail.
writeAssembly(CDK_OUTDIR, lambda('Message', 'message', { Timeout: 900 }))
