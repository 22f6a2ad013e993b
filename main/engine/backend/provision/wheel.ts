import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { wrongChecksum } from './checksum.ts';
import { lastWords, runProgram } from './child.ts';
import type { Work } from './work.ts';

/** The TensorFlow that the addon's source is compiled against. */
export const wheelVersion = '2.21.0';
/** Any Python will do: nothing of the wheel is run, only its C++ libraries are taken. */
const pythonTag = '3.11';

/** SHA-256 of wheels that were tried; one that is not listed is checked against what the index says of it. */
const pinned: Readonly<Record<string, string>> = {
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

/**
 * Asks pip where the wheel lies, through whatever index it is set up for; nothing is fetched yet.
 * Fails: `provision/no-network`, `provision/checksum` when the index offers another file than the one we know.
 */
export async function findWheel(
  python: string,
  wanted: { readonly package: string; readonly platform: string },
  work: Work,
): Promise<Wheel> {
  work.begin('check', 'Asking pip for TensorFlow');
  const asked = await runProgram(
    python,
    [
      ...['-m', 'pip', 'install', '--quiet', '--dry-run', '--report', '-', '--no-deps', '--ignore-installed'],
      ...['--only-binary=:all:', '--python-version', pythonTag, '--platform', wanted.platform],
      ...['--target', path.join(tmpdir(), 'heatlens-nothing-is-written-here'), `${wanted.package}==${wheelVersion}`],
    ],
    { signal: work.signal },
  );
  const parsed = report.safeParse(parseJson(asked.stdout));
  if (!parsed.success) {
    const reason = lastWords(asked.stderr) || `pip ended with ${asked.code ?? asked.signal}`;
    throw new AppError('provision/no-network', `pip finds no ${wanted.package} ${wheelVersion}: ${reason}`, {
      host: 'pip',
      reason,
    });
  }
  const { url, archive_info: archive } = parsed.data.install[0].download_info;
  const name = decodeURIComponent(path.posix.basename(new URL(url).pathname));
  const { sha256 } = archive.hashes;
  const known = pinned[name];
  if (known !== undefined && known !== sha256) throw wrongChecksum(name, known, sha256);
  return { url, name, sha256 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
