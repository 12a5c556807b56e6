import { useState } from 'preact/hooks'
import type { Config } from '../../config.ts'
import { redirectToIssuer } from '../../sign-in/by-issuer.ts'
import { signInByName } from '../../sign-in/by-name.ts'
import type { Person } from '../../sign-in/person.ts'
import { Failure } from './failure.tsx'
import { useAttempt } from './use-attempt.ts'
import { useFocus } from './use-focus.ts'

interface Props {
  config: Config
  onPerson(person: Person): void
}

/** The sign-in that the configuration names: by an issuer, or by a name alone. */
export function SignIn({ config, onPerson }: Props) {
  const { issuer, clientId, tokens } = config
  if (issuer !== undefined && clientId !== undefined) return <AtIssuer issuer={issuer} clientId={clientId} />
  if (tokens !== undefined) return <ByName tokens={tokens} onPerson={onPerson} />
  return <Failure>The configuration of this page names no way to sign in.</Failure>
}

function AtIssuer(source: { issuer: string; clientId: string }) {
  const { busy, failure, run } = useAttempt()
  return (
    <>
      <button type="button" class="primary" disabled={busy} onClick={() => run(() => redirectToIssuer(source))}>
        Sign in
      </button>
      <Failure>{failure}</Failure>
    </>
  )
}

function ByName({ tokens, onPerson }: { tokens: string; onPerson(person: Person): void }) {
  const { busy, failure, run } = useAttempt()
  const field = useFocus<HTMLInputElement>()
  const [name, setName] = useState('')
  const [groups, setGroups] = useState('')
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault()
        run(async () => onPerson(await signInByName(tokens, { name, groups })))
      }}
    >
      <label>
        Your name
        <input
          required
          ref={field}
          maxLength={64}
          autocomplete="nickname"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <details>
        <summary>Groups</summary>
        <label>
          Groups you belong to, separated by commas
          <input
            value={groups}
            placeholder="ops, dev"
            onInput={({ currentTarget }) => setGroups(currentTarget.value)}
          />
        </label>
        <p class="secondary">
          Members of <code>chat-admins</code> may administer every room.
        </p>
      </details>
      <button type="submit" class="primary" disabled={busy || name.trim() === ''}>
        Sign in
      </button>
      <Failure>{failure}</Failure>
      <p class="secondary">This is a test system: it does not check who you are.</p>
    </form>
  )
}
