import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { thisMachine } from '#engine/backend/installed.ts';
import { describeMachine } from '#engine/backend/provision/machine.ts';
import { onlyPrograms } from './fake-programs.ts';
import { fileServer } from './file-server.ts';

/** Large enough that a kill can come in its middle. */
export const library = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => (at * 2_654_435_761) >>> 24));

const python = (link: string) => `case "$*" in *version_info*) echo 3;; *--report*) echo "Found link ${link}";; esac`;
const compiler = 'while [ $# -gt 1 ]; do [ "$1" = -o ] && echo native > "$2"; shift; done';

/** From an index of this machine alone: a wheel, a pip that names it, and a compiler that makes a file. */
export async function wheelForSale({ slow = 0 } = {}): Promise<{ readonly fetched: (string | undefined)[] }> {
  const { wheel } = await describeMachine(thisMachine);
  if (!wheel) throw new Error(`There is no wheel for ${thisMachine}.`);
  const content = await wheelFile();
  const fetched: (string | undefined)[] = [];
  const { url } = await fileServer(content, (request, response) => {
    if (request.method === 'HEAD') response.writeHead(404).end();
    else {
      fetched.push(request.headers.range);
      void send(response, content, Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0), slow);
    }
    return true;
  });
  const name = `${wheel.package.replaceAll('-', '_')}-2.21.0-cp311-cp311-${wheel.platform}.fake.whl`;
  const sha256 = createHash('sha256').update(content).digest('hex');
  const { origin } = new URL(url);
  await onlyPrograms({ python3: python(`${origin}/${name}#sha256=${sha256}`), 'c++': compiler });
  vi.stubEnv('TFJS_NODE_CDN_STORAGE', origin);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { fetched };
}

async function wheelFile(): Promise<Buffer> {
  const zip = new ZipFile();
  const stored = { compress: false };
  zip.addBuffer(library, 'tensorflow/libtensorflow_cc.so.2', stored);
  zip.addBuffer(library.subarray(7), 'tensorflow/libtensorflow_framework.so.2', stored);
  zip.addBuffer(Buffer.from('#pragma once\n'), 'tensorflow/include/tensorflow/c/c_api.h');
  zip.addBuffer(Buffer.from('python'), 'tensorflow/python/ops.py');
  zip.end();
  return buffer(zip.outputStream);
}

async function send(response: ServerResponse, content: Buffer, from: number, slow: number): Promise<void> {
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
  for (let at = from; at < content.length && !response.destroyed; at += 100_000) {
    response.write(content.subarray(at, at + 100_000));
    if (slow > 0) await sleep(slow);
  }
  response.end();
}
