import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { type LocalRun, startLocalRun } from '../support/local-run/local-run.ts'

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const artifacts = 'test/browser/artifacts'

// Without the flags for the background, a browser without access to the Internet repeats its requests endlessly.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why the tests cannot run; undefined if there is a browser or, in CI, if there must be one. */
const missing = existsSync(chromiumPath) || process.env.CI === 'true' ? undefined : `there is no ${chromiumPath}`

/** Describes tests in a browser. Without a browser they are skipped with the reason. */
export const inBrowser = (name: string, tests: () => void): void =>
  missing === undefined ? describe(name, tests) : describe.skip(`${name} (skipped: ${missing})`, tests)

/** A person with a page in a separate browser context. */
export class Visitor {
  readonly page: Page
  /** The errors that the page logged on its console. */
  readonly consoleErrors: string[] = []

  constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => this.consoleErrors.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && this.consoleErrors.push(message.text()))
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message to/ })
  }

  get messages(): Locator {
    return this.page.locator('.timeline .message')
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  /** Opens the page in another tab of the same browser. */
  async anotherTab(): Promise<Visitor> {
    const tab = new Visitor(await this.page.context().newPage())
    await tab.page.goto(this.page.url())
    return tab
  }

  /** Opens a copy of this tab, with a copy of its session storage. */
  async duplicate(): Promise<Visitor> {
    const [page] = await Promise.all([
      this.page.context().waitForEvent('page'),
      this.page.evaluate('void window.open(location.href)'),
    ])
    return new Visitor(page)
  }

  async signIn(name: string, groups = ''): Promise<void> {
    await this.page.getByLabel('Your name').fill(name)
    if (groups !== '') {
      await this.page.getByText('Groups', { exact: true }).click()
      await this.page.getByLabel(/^Groups you belong to/).fill(groups)
    }
    await this.button('Sign in').click()
    await this.isIn()
  }

  /** Waits until the page is connected and shows the rooms of the last visit. */
  async isIn(): Promise<void> {
    await this.page.getByRole('status').filter({ hasText: 'Connected' }).waitFor()
    await this.page.locator('main[aria-busy=false]').waitFor()
  }

  /** Opens the list of rooms, which is a drawer on a narrow page. */
  async openList(): Promise<void> {
    const drawer = this.button(/^Rooms/)
    if (await drawer.isVisible()) await drawer.click()
  }

  async makeRoom(name: string, choose: (dialog: Locator) => Promise<void> = async () => undefined): Promise<void> {
    await this.openList()
    await this.page.getByRole('navigation').getByRole('button', { name: 'New room' }).click()
    const dialog = this.page.getByRole('dialog', { name: 'New room' })
    await dialog.getByLabel('Name').fill(name)
    await choose(dialog)
    await dialog.getByRole('button', { name: 'Make the room' }).click()
    await this.shows(name)
  }

  /** Finds a room in the directory and joins it. */
  async joinFromDirectory(name: string): Promise<void> {
    await this.openList()
    await this.page.getByRole('navigation').getByRole('button', { name: 'Browse rooms' }).click()
    const dialog = this.page.getByRole('dialog', { name: 'Rooms' })
    await dialog.getByRole('button', { name: `Join ${name}` }).click()
    await this.shows(name)
  }

  /** Waits until the page shows the room. */
  async shows(room: string): Promise<void> {
    await this.page.getByRole('main').getByRole('heading', { level: 1, name: room }).waitFor()
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  async reads(text: string): Promise<void> {
    await this.messages.filter({ hasText: text }).first().waitFor()
  }

  /** The texts of all messages on the page. */
  readAll(): Promise<string[]> {
    return this.messages.allInnerTexts()
  }

  /** Cuts or restores the network. The switch covers its checkbox, so the test clicks its label. */
  async flipNetwork(): Promise<void> {
    await this.page.getByText('Cut the network').click()
  }

  async picture(name: string): Promise<void> {
    mkdirSync(artifacts, { recursive: true })
    await this.page.screenshot({ path: `${artifacts}/${name}.png` })
  }
}

export interface Stage {
  run: LocalRun
  /** Opens the page for a new person. `prepare` can change the browser context first. */
  visitor(options?: BrowserContextOptions, prepare?: (context: BrowserContext) => Promise<unknown>): Promise<Visitor>
}

/** Without a library such as libfaketime, which sets the clock: a browser hangs with it. */
const { LD_PRELOAD: _, ...environment } = process.env

/** Starts a local run and a browser for the tests of a file, and closes all pages after each test. */
export function aStage(settings: () => Record<string, string> = () => ({})): () => Stage {
  let stage: (Stage & { browser: Browser }) | undefined
  beforeAll(async () => {
    // `npm run jest` builds the page. If jest runs alone, it uses the last build.
    if (!existsSync('page/dist/index.html')) execFileSync('npm', ['run', '--silent', 'build:page'])
    const [run, browser] = await Promise.all([
      startLocalRun(settings()),
      chromium.launch({ executablePath: chromiumPath, args: flags, env: environment, timeout: 90_000 }),
    ])
    const visitor: Stage['visitor'] = async (options = {}, prepare) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        reducedMotion: 'reduce',
        ...options,
      })
      await prepare?.(context)
      const created = new Visitor(await context.newPage())
      await created.page.goto(`${run.origin}/`)
      return created
    }
    stage = { run, browser, visitor }
  })
  afterEach(async () => {
    for (const context of stage?.browser.contexts() ?? []) await context.close()
  })
  afterAll(async () => {
    await stage?.browser.close()
    await stage?.run.stop()
  })
  return () => {
    if (!stage) throw new Error('The stage has not started.')
    return stage
  }
}
