/** A user who has signed in. */
export interface Person {
  /** A token that is still valid for some time. Rejects with a ConnectionError: `unreachable`, or `unauthorized`. */
  token(): Promise<string>
  /** Removes the sign-in from this tab. */
  signOut(): void
}
