/** Ends what `setup.ts` has started. */
export default async function teardown(): Promise<void> {
  const { endPrepared } = globalThis as { endPrepared?: () => Promise<void> }
  await endPrepared?.()
}
