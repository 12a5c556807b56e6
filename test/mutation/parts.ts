/** The sources to mutate and the tests that must fail. */
export interface Part {
  name: string
  /** Globs from the root; `!` excludes. */
  sources: readonly string[]
  /** Globs of the tests. They must be fast: all of them run for a mutant in code that runs while its module loads. */
  tests: readonly string[]
}

export const parts: readonly Part[] = [
  {
    name: 'tokens',
    sources: ['lambdas/tokens/*.ts', 'lambdas/handshake.ts', 'lambdas/functions/authorizer.ts'],
    tests: ['unit/{tokens,authorizer,handshake}*'],
  },
  {
    name: 'keys',
    sources: ['lambdas/store/keys.ts'],
    tests: ['unit/keys*'],
  },
  {
    name: 'protocol',
    // Another test compares the whole document of these schemas with docs/asyncapi.json.
    sources: ['protocol/**/*.ts', '!protocol/{asyncapi,replies,typescript}/**'],
    tests: ['unit/{parse,parse-fields,limits,frames*,text}'],
  },
  {
    name: 'domain',
    sources: ['lambdas/domain/**/*.ts'],
    tests: [
      'unit/!(asyncapi|authorizer|client|connections|credentials|frames|handshake|keys|limits|moderated|parse|post-credentials|http|sigv4|search|fast-path|stream|tokens|transcript|wire)*',
      'store/memory',
    ],
  },
  {
    name: 'client',
    sources: ['client/*.ts'],
    tests: [
      'client/{connection,missing-messages,room-moves,opening,values,sending,leaving,shared-outbox}',
      'client/{refused-connections,invitations,no-late-events,lost-connections,replaced,platforms,every-verb}',
      'client/{malformed-pushes,hanging-storage,stored-format,suspended}',
      'client/{verbs,session-*,chat-client*,reconnecting-socket*}',
      'client/{sender,subscription}-*',
      'unit/client-*',
    ],
  },
]
