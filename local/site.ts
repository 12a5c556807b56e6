import { lstatSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { entries } from './json.ts'

/** Where the run listens. */
export interface Addresses {
  /** The URL of the WebSocket API. */
  url: string
  origin: string
}

/** Files and JSON documents to serve at the address of the run. */
export interface Site {
  folder: string
  /** The documents by path. */
  documents(addresses: Addresses): Record<string, unknown>
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

/** Serves a site. Returns false for a request that is for none of its files and documents. */
export function siteHandler({ folder, documents }: Site, addresses: Addresses) {
  const texts = new Map(entries(documents(addresses)).map(([path, document]) => [path, JSON.stringify(document)]))
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const path = pathOf(request)
    const document = texts.get(path)
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    const type = document === undefined ? types[extname(file)] : types['.json']
    const body = document ?? (type && file.startsWith(folder + sep) ? contents(file) : undefined)
    if (type === undefined || body === undefined) return false
    response.writeHead(200, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      // Another run may serve other files at the same address.
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

/** The content of a file. Links are not followed, because they may lead out of the folder. */
function contents(file: string): Buffer | undefined {
  try {
    return lstatSync(file).isFile() ? readFileSync(file) : undefined
  } catch {
    // The file does not exist, or its name is invalid.
    return undefined
  }
}
