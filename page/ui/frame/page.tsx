import { useEffect, useState } from 'preact/hooks'
import { type Config, readConfig } from '../../config.ts'
import { Chat } from '../../model/chat.ts'
import { inWords } from '../../model/error-text.ts'
import { personOf } from '../../sign-in/by-issuer.ts'
import { personByName } from '../../sign-in/by-name.ts'
import type { Person } from '../../sign-in/person.ts'
import { ChatFrame } from './chat-frame.tsx'
import { Failure } from './failure.tsx'
import { SignIn } from './sign-in.tsx'

/** Somebody who signed in earlier in this tab needs not do it again. */
async function returning({ tokens, issuer, clientId }: Config): Promise<Person | undefined> {
  if (issuer !== undefined && clientId !== undefined) return personOf({ issuer, clientId })
  return tokens === undefined ? undefined : personByName(tokens)
}

export function Page() {
  const [config, setConfig] = useState<Config>()
  const [chat, setChat] = useState<Chat>()
  const [failure, setFailure] = useState('')

  const begin = (url: string, person: Person) => {
    const begun = new Chat(url, person)
    setChat(begun)
    setFailure('')
    begun.connect()
  }

  useEffect(() => {
    const start = async () => {
      const read = await readConfig()
      const person = await returning(read).catch((error: unknown) => setFailure(inWords(error)))
      if (person) begin(read.url, person)
      setConfig(read)
    }
    start().catch((error: unknown) => setFailure(inWords(error)))
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
      <p class="quiet">Rooms that keep what was said.</p>
      {config && <SignIn config={config} onPerson={(person) => begin(config.url, person)} />}
      <Failure>{failure}</Failure>
    </main>
  )
}
