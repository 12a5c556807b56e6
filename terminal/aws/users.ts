import { Failure } from '../command/failure.ts'
import { type AwsCaller, AwsError } from './caller.ts'

/** The user pool of a chat, and its client. */
export interface Pool {
  pool: string
  client: string
}

export interface NewUser {
  email: string
  name: string | undefined
  /** Without a password, Cognito mails a temporary one. */
  password: string | undefined
}

const isCalled = (error: unknown, code: string): boolean => error instanceof AwsError && error.code === code

/** The id that the chat knows a user by; undefined if the pool has no such user. */
export async function userIdOf(aws: AwsCaller, { pool }: Pool, email: string): Promise<string | undefined> {
  try {
    return subIn((await aws.json('cognito-idp', 'AdminGetUser', { UserPoolId: pool, Username: email })).UserAttributes)
  } catch (error) {
    if (isCalled(error, 'UserNotFoundException')) return undefined
    throw error
  }
}

/** Makes a user, unless there is one with this address. Returns the id that the chat knows the user by. */
export async function makeUser(
  aws: AwsCaller,
  { pool, client }: Pool,
  { email, name, password }: NewUser,
): Promise<{ user: string; isNew: boolean }> {
  const known = await userIdOf(aws, { pool, client }, email)
  if (known === undefined) {
    await aws.json('cognito-idp', 'AdminCreateUser', {
      UserPoolId: pool,
      Username: email,
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        ...(name === undefined ? [] : [{ Name: 'name', Value: name }]),
      ],
      ...(password === undefined ? { DesiredDeliveryMediums: ['EMAIL'] } : { MessageAction: 'SUPPRESS' }),
    })
  }
  if (password !== undefined) {
    const set = { UserPoolId: pool, Username: email, Password: password, Permanent: true }
    await aws.json('cognito-idp', 'AdminSetUserPassword', set)
  }
  const user = known ?? (await userIdOf(aws, { pool, client }, email))
  if (user === undefined) throw new Failure(`The pool ${pool} has no user ${email}, although it has just been made.`)
  return { user, isNew: known === undefined }
}

/** Puts a user into a group, and makes the group if there is none. */
export async function putIntoGroup(aws: AwsCaller, { pool }: Pool, email: string, group: string): Promise<void> {
  await aws.json('cognito-idp', 'CreateGroup', { UserPoolId: pool, GroupName: group }).catch((error: unknown) => {
    if (!isCalled(error, 'GroupExistsException')) throw error
  })
  await aws.json('cognito-idp', 'AdminAddUserToGroup', { UserPoolId: pool, Username: email, GroupName: group })
}

/** What Cognito asks for while somebody signs in. */
export interface SignInQuestions {
  password(): Promise<string>
  /** Asked for in place of a temporary password. */
  newPassword(): Promise<string>
  /** The code of an authenticator app. */
  code(): Promise<string>
}

export interface SignedIn {
  idToken: string
  expiresInSeconds: number
}

/** Signs a user in with a password. The client of the pool allows this to everybody who has AWS credentials. */
export async function signIn(
  aws: AwsCaller,
  { pool, client }: Pool,
  email: string,
  ask: SignInQuestions,
): Promise<SignedIn> {
  const common = { UserPoolId: pool, ClientId: client }
  let reply = await aws.json('cognito-idp', 'AdminInitiateAuth', {
    ...common,
    AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: email, PASSWORD: await ask.password() },
  })
  // At most a new password and then a code.
  for (let asked = 0; reply.ChallengeName !== undefined && asked < 3; asked++) {
    reply = await aws.json('cognito-idp', 'AdminRespondToAuthChallenge', {
      ...common,
      ChallengeName: reply.ChallengeName,
      Session: reply.Session,
      ChallengeResponses: {
        USERNAME: nameIn(reply.ChallengeParameters) ?? email,
        ...(await answerTo(String(reply.ChallengeName), ask)),
      },
    })
  }
  const { IdToken, ExpiresIn } = { IdToken: undefined, ExpiresIn: undefined, ...(reply.AuthenticationResult ?? {}) }
  if (typeof IdToken !== 'string') throw new Failure('Cognito has given no token.')
  return { idToken: IdToken, expiresInSeconds: Number(ExpiresIn ?? 3600) }
}

async function answerTo(challenge: string, ask: SignInQuestions): Promise<Record<string, string>> {
  if (challenge === 'NEW_PASSWORD_REQUIRED') return { NEW_PASSWORD: await ask.newPassword() }
  if (challenge === 'SOFTWARE_TOKEN_MFA') return { SOFTWARE_TOKEN_MFA_CODE: await ask.code() }
  throw new Failure(`Cognito asks for ${challenge}, which only the page can answer: sign in there.`, 'unauthorized')
}

/** The name that the pool itself gave to the user: an answer takes no e-mail address. */
function nameIn(parameters: unknown): string | undefined {
  const { USER_ID_FOR_SRP: name } = { USER_ID_FOR_SRP: undefined, ...(parameters as object | undefined) }
  return typeof name === 'string' ? name : undefined
}

function subIn(attributes: unknown): string | undefined {
  const all = Array.isArray(attributes) ? (attributes as { Name?: string; Value?: string }[]) : []
  return all.find(({ Name }) => Name === 'sub')?.Value
}
