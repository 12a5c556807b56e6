import { useEffect, useState } from 'preact/hooks'
import { type Config, readConfig } from '../../config.ts'
import { Chat } from '../../model/chat.ts'
import { errorText } from '../../model/error-text.ts'
import { personOf } from '../../sign-in/by-issuer.ts'
import { personByName } from '../../sign-in/by-name.ts'
import type { Person } from '../../sign-in/person.ts'
import { ChatFrame } from './chat-frame.tsx'
import { Failure } from './failure.tsx'
import { SignIn } from './sign-in.tsx'

/** The user who signed in earlier in this tab, or has come back from the issuer. */
async function returningPerson({ tokens, issuer, clientId }: Config): Promise<Person | undefined> {
  if (issuer !== undefined && clientId !== undefined) return personOf({ issuer, clientId })
  return tokens === undefined ? undefined : personByName(tokens)
}

/** The page: the sign-in, then the chat. */
export function Page() {
  const [config, setConfig] = useState<Config>()
  const [chat, setChat] = useState<Chat>()
  const [failure, setFailure] = useState('')

  const start = (url: string, person: Person) => {
    const started = new Chat(url, person)
    setChat(started)
    setFailure('')
    started.connect()
  }

  useEffect(() => {
    const load = async () => {
      const config = await readConfig()
      const person = await returningPerson(config).catch((error: unknown) => setFailure(errorText(error)))
      if (person) start(config.url, person)
      setConfig(config)
    }
    load().catch((error: unknown) => setFailure(errorText(error)))
  }, [])

  if (chat)
    return (
      <ChatFrame
        chat={chat}
        onEnd={() => {
          chat.end()
          setChat(undefined)
        }}
      />
    )
  return (
    <main class="welcome">
      <h1>Persistent Chat</h1>
      <p class="secondary">Chat rooms that keep their messages.</p>
      {config && <SignIn config={config} onPerson={(person) => start(config.url, person)} />}
      <Failure>{failure}</Failure>
    </main>
  )
}
