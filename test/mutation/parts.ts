/** Sources that are mutated, and the tests that have to notice. */
export interface Part {
  name: string
  /** Globs from the root; one with `!` takes away. */
  sources: readonly string[]
  /** Globs of the tests. They are fast ones: a mutant in code that runs as its module loads is tried with all of them. */
  tests: readonly string[]
}

export const parts: readonly Part[] = [
  {
    name: 'tokens',
    sources: ['lambdas/tokens.ts', 'lambdas/functions/authorizer.ts'],
    tests: ['unit/{tokens,authorizer}*'],
  },
  {
    name: 'keys',
    sources: ['lambdas/store/keys.ts'],
    tests: ['unit/keys*'],
  },
  {
    name: 'protocol',
    // The document that is made of the schemas is compared as a whole, with docs/asyncapi.json.
    sources: ['protocol/**/*.ts', '!protocol/{asyncapi,replies,typescript}/**'],
    tests: ['unit/{parse,parse-fields,limits,frames*,text}'],
  },
  {
    name: 'domain',
    sources: ['lambdas/domain/**/*.ts'],
    tests: [
      'unit/!(asyncapi|authorizer|client|connections|credentials|frames|keys|limits|moderated|parse|post-credentials|http|sigv4|search|fast-path|stream|tokens|transcript|wire)*',
      'store/memory',
    ],
  },
  {
    name: 'client',
    sources: ['client/*.ts'],
    tests: [
      'client/{connection,missing-messages,room-moves,opening,values,sending,leaving,shared-outbox}',
      'client/{refused-connections,invitations,no-late-events,lost-connections,replaced,platforms,every-verb}',
      'client/{malformed-pushes,hanging-storage,stored-format}',
      'unit/client-*',
    ],
  },
]
