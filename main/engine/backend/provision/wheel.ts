import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { wrongChecksum } from './checksum.ts';
import { lastWords, runProgram, type Ended } from './child.ts';
import type { Machine } from './machine.ts';
import type { Work } from './work.ts';

/** The TensorFlow that the addon's source is compiled against. */
export const wheelVersion = '2.21.0';
/** Any Python will do: nothing of the wheel is run, only its C++ libraries are taken. */
const pythonTag = '3.11';

/** SHA-256 of wheels that were tried; one that is not listed is checked against what the index says of it. */
const pinned: Readonly<Record<string, string>> = {
  'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl':
    '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl':
    '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
  'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl':
    '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
};

const report = z.object({
  install: z.tuple([
    z.object({
      download_info: z.object({
        url: z.string(),
        archive_info: z.object({ hashes: z.object({ sha256: z.string() }) }),
      }),
    }),
  ]),
});

export interface Wheel {
  readonly url: string;
  readonly name: string;
  readonly sha256: string;
}

type Wanted = NonNullable<Machine['wheel']>;

/**
 * Asks pip where the wheel lies, through whatever index it is set up for. pip says so in its log well before its
 * report, and is ended there: many versions of it fetch the whole wheel even in a dry run.
 * Fails: `provision/no-network`, `provision/checksum` when the index offers another file than the one we know.
 */
export async function findWheel(python: string, wanted: Wanted, work: Work): Promise<Wheel> {
  work.begin('check', 'Asking pip for TensorFlow');
  const temporary = await mkdtemp(path.join(tmpdir(), 'heatlens-'));
  const reportFile = path.join(temporary, 'report.json');
  try {
    let found: Wheel | undefined;
    const asked = await runProgram(
      python,
      [
        ...['-m', 'pip', 'install', '-vv', '--dry-run', '--report', reportFile],
        ...['--ignore-installed', '--target', path.join(temporary, 'unused'), ...choice(wanted)],
      ],
      { signal: work.signal, hear: (line) => (found ??= wheelIn(line, wanted)) !== undefined },
    );
    found ??= wheelOf(await readFile(reportFile, 'utf8').catch(() => ''));
    if (!found) throw pipFailed(wanted, asked);
    const known = pinned[found.name];
    if (known !== undefined && known !== found.sha256) throw wrongChecksum(found.name, known, found.sha256);
    return found;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The whole wheel by pip itself, into `folder` under its own name. Fails: `provision/no-network`. */
export async function fetchWithPip(python: string, wanted: Wanted, folder: string, work: Work): Promise<void> {
  work.begin('download', `Downloading TensorFlow ${wheelVersion} through pip`);
  const parameters = ['-m', 'pip', 'download', '--quiet', '--dest', folder, ...choice(wanted)];
  const ended = await runProgram(python, parameters, { signal: work.signal });
  if (ended.code !== 0) throw pipFailed(wanted, ended);
}

function choice({ package: name, platform }: Wanted): string[] {
  return [
    ...['--no-deps', '--no-cache-dir', '--no-input', '--retries', '2', '--only-binary=:all:'],
    ...['--python-version', pythonTag, '--platform', platform],
    `${name}==${wheelVersion}`,
  ];
}

/** The wheel that a line of pip's log names with its checksum, as in "Found link https://…/x.whl#sha256=…". */
export function wheelIn(line: string, { package: name, platform }: Wanted): Wheel | undefined {
  const [, url, sha256] = /Found link (https?:\/\/\S+\.whl)#sha256=([0-9a-f]{64})/.exec(line) ?? [];
  if (url === undefined || sha256 === undefined) return undefined;
  const file = nameOf(url);
  const begins = `${name.replaceAll('-', '_')}-${wheelVersion}-cp${pythonTag.replace('.', '')}-`;
  return file.startsWith(begins) && file.includes(platform) ? { url, name: file, sha256 } : undefined;
}

function wheelOf(text: string): Wheel | undefined {
  const parsed = report.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { url, archive_info: archive } = parsed.data.install[0].download_info;
  return { url, name: nameOf(url), sha256: archive.hashes.sha256 };
}

function nameOf(url: string): string {
  return decodeURIComponent(path.posix.basename(new URL(url).pathname));
}

export function pipFailed(wanted: { readonly package: string }, ended: Ended): AppError {
  const reason = lastWords(ended.stderr) || `pip ended with ${ended.code ?? ended.signal}`;
  const message = `pip cannot get ${wanted.package} ${wheelVersion}: ${reason}`;
  return new AppError('provision/no-network', message, { host: 'pip', reason });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
