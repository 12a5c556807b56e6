import { stackArgument } from '../aws/stack-name.ts'
import { visible } from '../command/visible.ts'

/** What to do with a new deployment: its addresses, and the lines to type next. */
export function nextLines(stack: string, outputs: Readonly<Record<string, string>>): string[] {
  const { Url = '', Page, UserPoolId, Issuer } = outputs
  const named = stackArgument(stack)
  const addresses = [
    `The address for clients: ${visible(Url)}`,
    Page === undefined ? 'There is no page; demo=true serves one.' : `The page: ${visible(Page)}`,
  ]
  if (UserPoolId === undefined)
    return [
      ...addresses,
      '',
      `Users and tokens are those of ${visible(Issuer ?? 'the issuer in the settings')}. Put the first administrator into the group that adminGroup names there.`,
    ]
  const talk = `npm run chat -- --url ${Url} --room Lobby --create`
  return [
    ...addresses,
    '',
    'The first administrator, and somebody to talk to:',
    `  npm run admin -- create you@example.com --name You${named}`,
    `  npm run admin -- create friend@example.com --name Friend --plain${named}`,
    ...(Page === undefined ? [] : [`Each gets a mail with a temporary password, and signs in at ${visible(Page)}`]),
    'From a terminal:',
    `  export CHAT_TOKEN=$(npm run --silent admin -- token you@example.com${named})`,
    `  ${talk}`,
  ]
}
