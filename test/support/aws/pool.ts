export type Fields = Record<string, unknown>

/** A refusal of a service. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface PoolUser {
  sub: string
  attributes: Record<string, string>
  password: string
  isTemporary: boolean
  groups: string[]
  /** The code of an authenticator app, if the user has one. */
  code?: string
}

export const poolId = 'eu-central-1_Users'
export const clientId = 'chatclient'

/** A user pool as Cognito answers for it: users are known by their addresses and by their ids, passwords to no one. */
export class LocalPool {
  readonly users = new Map<string, PoolUser>()
  readonly groups = new Set<string>()
  /** Addresses that got a mail with a temporary password. */
  readonly mailed: string[] = []
  readonly #sessions = new Map<string, { email: string; challenge: string }>()

  answer(operation: string, input: Fields): object {
    if (input.UserPoolId !== poolId) throw new Refusal('ResourceNotFoundException', 'There is no such pool.')
    switch (operation) {
      case 'AdminGetUser':
        return { Username: this.#user(input).sub, UserAttributes: this.#attributes(input) }
      case 'AdminCreateUser':
        return this.#create(input)
      case 'AdminSetUserPassword':
        return this.#setPassword(input)
      case 'CreateGroup':
        return this.#createGroup(String(input.GroupName))
      case 'AdminAddUserToGroup':
        return this.#addToGroup(input)
      case 'AdminInitiateAuth':
        return this.#signIn(input)
      case 'AdminRespondToAuthChallenge':
        return this.#respond(input)
    }
    throw new Refusal('UnknownOperationException', operation)
  }

  #user({ Username }: Fields): PoolUser {
    const user = this.users.get(String(Username)) ?? [...this.users.values()].find(({ sub }) => sub === Username)
    if (user === undefined) throw new Refusal('UserNotFoundException', 'User does not exist.')
    return user
  }

  #attributes(input: Fields) {
    const { sub, attributes } = this.#user(input)
    return [{ Name: 'sub', Value: sub }, ...Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))]
  }

  #create({ Username, UserAttributes, MessageAction, DesiredDeliveryMediums }: Fields): object {
    const email = String(Username)
    if (this.users.has(email)) throw new Refusal('UsernameExistsException', 'An account with the email already exists.')
    const given = UserAttributes as { Name: string; Value: string }[]
    const attributes = Object.fromEntries(given.map(({ Name, Value }) => [Name, Value]))
    if (attributes.email !== email) throw new Refusal('InvalidParameterException', 'The address is missing.')
    if (MessageAction !== 'SUPPRESS') {
      if (JSON.stringify(DesiredDeliveryMediums) !== '["EMAIL"]')
        throw new Refusal('InvalidParameterException', 'User has no phone number.')
      this.mailed.push(email)
    }
    const sub = `1b2c0000-0000-4000-8000-00000000000${this.users.size + 1}`
    this.users.set(email, { sub, attributes, password: 'Temporary1!', isTemporary: true, groups: [] })
    return { User: { Username: sub, UserStatus: 'FORCE_CHANGE_PASSWORD' } }
  }

  #setPassword(input: Fields): object {
    Object.assign(this.#user(input), { password: valid(input.Password), isTemporary: input.Permanent !== true })
    return {}
  }

  #createGroup(name: string): object {
    if (this.groups.has(name)) throw new Refusal('GroupExistsException', 'A group with the name already exists.')
    this.groups.add(name)
    return { Group: { GroupName: name } }
  }

  #addToGroup(input: Fields): object {
    const group = String(input.GroupName)
    if (!this.groups.has(group)) throw new Refusal('ResourceNotFoundException', 'Group not found.')
    const { groups } = this.#user(input)
    if (!groups.includes(group)) groups.push(group)
    return {}
  }

  #signIn({ ClientId, AuthFlow, AuthParameters }: Fields): object {
    if (ClientId !== clientId) throw new Refusal('ResourceNotFoundException', 'User pool client does not exist.')
    if (AuthFlow !== 'ADMIN_USER_PASSWORD_AUTH')
      throw new Refusal('InvalidParameterException', 'Auth flow not enabled for this client')
    const { USERNAME = '', PASSWORD } = AuthParameters as Record<string, string>
    const user = this.users.get(USERNAME)
    if (user === undefined || user.password !== PASSWORD)
      throw new Refusal('NotAuthorizedException', 'Incorrect username or password.')
    return this.#next(USERNAME, user)
  }

  #respond({ ChallengeName, Session, ChallengeResponses }: Fields): object {
    const session = this.#sessions.get(String(Session))
    const { USERNAME, NEW_PASSWORD, SOFTWARE_TOKEN_MFA_CODE } = ChallengeResponses as Record<string, string>
    const user = this.#user({ Username: session?.email })
    // An answer names the user by the id that the pool gave, and not by an address.
    if (session === undefined || session.challenge !== ChallengeName || USERNAME !== user.sub)
      throw new Refusal('NotAuthorizedException', 'Invalid session for the user.')
    if (ChallengeName === 'NEW_PASSWORD_REQUIRED')
      Object.assign(user, { password: valid(NEW_PASSWORD), isTemporary: false })
    else if (SOFTWARE_TOKEN_MFA_CODE !== user.code) throw new Refusal('CodeMismatchException', 'Invalid code received.')
    return this.#next(session.email, user, ChallengeName === 'SOFTWARE_TOKEN_MFA')
  }

  #next(email: string, user: PoolUser, hasCode = false): object {
    const challenge = user.isTemporary
      ? 'NEW_PASSWORD_REQUIRED'
      : user.code && !hasCode
        ? 'SOFTWARE_TOKEN_MFA'
        : undefined
    if (challenge === undefined)
      return { AuthenticationResult: { IdToken: `id-token-of-${user.sub}`, AccessToken: 'access', ExpiresIn: 3600 } }
    const Session = `session-${this.#sessions.size}`
    this.#sessions.set(Session, { email, challenge })
    return { ChallengeName: challenge, Session, ChallengeParameters: { USER_ID_FOR_SRP: user.sub } }
  }
}

function valid(password: unknown): string {
  if (typeof password === 'string' && password.length >= 12) return password
  throw new Refusal('InvalidPasswordException', 'Password not long enough')
}
