/** Somebody who has signed in. */
export interface Person {
  /** A token that is good for a while yet. Rejects with a ConnectionError: `unreachable`, or `unauthorized` for good. */
  token(): Promise<string>
  /** Forgets who it was, in this tab. */
  signOut(): void
}
