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

// Without the flags for the background, a browser that cannot reach its maker keeps trying.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What a test says when it cannot run: nothing where there is a browser, or where one has to be there. */
const missing = existsSync(chromiumPath) || process.env.CI === 'true' ? undefined : `there is no ${chromiumPath}`

/** Tests in a browser; without one they are skipped, and say why. */
export const inBrowser = (name: string, tests: () => void): void =>
  missing === undefined ? describe(name, tests) : describe.skip(`${name} (skipped: ${missing})`, tests)

/** One person before one page of their own. */
export class Visitor {
  readonly page: Page
  /** What the page complained about on its console. */
  readonly complaints: string[] = []

  constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()))
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

  /** The same person in another tab of the same browser, which opens the page anew. */
  async anotherTab(): Promise<Visitor> {
    const tab = new Visitor(await this.page.context().newPage())
    await tab.page.goto(this.page.url())
    return tab
  }

  /** A tab that begins with all that this one keeps. */
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

  /** The chat is there, and the rooms of the last time. */
  async isIn(): Promise<void> {
    await this.page.getByRole('status').filter({ hasText: 'Connected' }).waitFor()
    await this.page.locator('main[aria-busy=false]').waitFor()
  }

  /** On a narrow page the list of rooms is a drawer. */
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

  /** Finds a room in the directory and goes in. */
  async joinFromDirectory(name: string): Promise<void> {
    await this.openList()
    await this.page.getByRole('navigation').getByRole('button', { name: 'Browse rooms' }).click()
    const dialog = this.page.getByRole('dialog', { name: 'Rooms' })
    await dialog.getByRole('button', { name: `Join ${name}` }).click()
    await this.shows(name)
  }

  /** The room is before them. */
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

  /** What stands in the room, line by line. */
  readAll(): Promise<string[]> {
    return this.messages.allInnerTexts()
  }

  /** Cuts the network or mends it: the switch is drawn over its box, so its words are what is clicked. */
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
  /** Somebody new, before the page; `prepare` changes their browser before it opens the page. */
  visitor(options?: BrowserContextOptions, prepare?: (context: BrowserContext) => Promise<unknown>): Promise<Visitor>
}

/** A browser hangs where a library sets the clock of the processes that load it, so it keeps the machine's own time. */
const { LD_PRELOAD: _, ...environment } = process.env

/** Registers a local run and a browser with jest; whoever came is gone after each test. */
export function aStage(settings: () => Record<string, string> = () => ({})): () => Stage {
  let stage: (Stage & { browser: Browser }) | undefined
  beforeAll(async () => {
    // `npm run jest` builds it anew; where jest is run by itself, what was built last is tried.
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
      const came = new Visitor(await context.newPage())
      await came.page.goto(`${run.origin}/`)
      return came
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
    if (!stage) throw new Error('The stage is not there yet.')
    return stage
  }
}
