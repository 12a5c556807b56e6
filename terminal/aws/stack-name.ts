/** The name of the stack that `cdk deploy` makes without a setting. */
export const defaultStack = 'PersistentChat'

/** The option by which a command takes another stack. */
export const stackOption = <Meaning extends string>(meaning: Meaning) =>
  ({ kind: 'text', shown: 'name', default: defaultStack, meaning }) as const

/** Names the stack behind a command, if it is not the one that commands take by default. */
export const stackArgument = (stack: string): string => (stack === defaultStack ? '' : ` --stack ${stack}`)
