import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { plainReply, type Reply } from './pictures.ts';

/** The page may load and reach nothing but its own origin. Style attributes are set by Svelte and by chart libraries. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "connect-src 'self'",
  "font-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On everything that a host answers. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Answers with a file of the built page. Nothing outside `folder`, nothing hidden and nothing of an unknown type is answered. */
export async function pageFile(folder: string, pathname: string): Promise<Reply> {
  const file = fileFor(folder, pathname);
  const type = file && types[path.extname(file)];
  if (!file || !type) return plainReply(404, 'There is no such page.');
  // Whole: a stream of a file in Electron's archive is one of a copy of it, which stays in the system's temporary folder.
  const bytes = await readFile(file).catch(() => null);
  if (!bytes) return plainReply(404, 'There is no such page.');
  // Built files carry the hash of their content in their names; the page that names them does not.
  const cache = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  const headers = { 'content-type': type, 'content-length': String(bytes.length), 'cache-control': cache };
  return { status: 200, headers, body: Readable.from([bytes]) };
}

/** Null for a path that does not name a file inside `folder`. */
export function fileFor(folder: string, pathname: string): string | null {
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  const parts = name.split('/').filter((part) => part !== '');
  if (parts.some((part) => part.startsWith('.') || part.includes(':'))) return null;
  return path.join(folder, ...(parts.length === 0 ? ['index.html'] : parts));
}
