import { lstatSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { entries, object, text } from './json.ts'

/** A folder of files to show at the run's own address, and answers in JSON that depend on the run. */
export interface Site {
  folder: string
  /** By path. In their texts, `{url}` and `{origin}` stand for where the run listens. */
  answers: Record<string, unknown>
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Undefined where package.json names none. */
export function readSite(source: unknown, root: string): Site | undefined {
  const { folder, answers } = object(source)
  return text(folder) === '' ? undefined : { folder: resolve(root, text(folder)), answers: object(answers) }
}

/** True when the request was for one of the site's files. What the folder does not hold is left to others. */
export function siteAt({ folder, answers }: Site, where: { url: string; origin: string }) {
  const filled = new Map(entries(answers).map(([path, answer]) => [path, fill(JSON.stringify(answer), where)]))
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const path = pathOf(request)
    const answer = filled.get(path)
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    const type = answer === undefined ? types[extname(file)] : types['.json']
    const body = answer ?? (type && file.startsWith(folder + sep) ? contents(file) : undefined)
    if (type === undefined || body === undefined) return false
    response.writeHead(200, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      // The next start may serve other files from the same address.
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    response.end(request.method === 'HEAD' ? undefined : body)
    return true
  }
}

function pathOf(request: IncomingMessage): string {
  try {
    return decodeURIComponent(request.url?.split('?')[0] ?? '/')
  } catch {
    return ''
  }
}

/** A link is no file: it may lead out of the folder. */
function contents(file: string): Buffer | undefined {
  try {
    return lstatSync(file).isFile() ? readFileSync(file) : undefined
  } catch {
    // There is none, or the system takes no such name.
    return undefined
  }
}

const fill = (source: string, { url, origin }: { url: string; origin: string }) =>
  source.replaceAll('{url}', url).replaceAll('{origin}', origin)
