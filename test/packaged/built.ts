import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const root = join(import.meta.dirname, '..', '..');

const list = z.object({
  electron: z.string(),
  tensorflow: z.boolean(),
  fuses: z.object({ set: z.record(z.string(), z.boolean()), lacking: z.array(z.string()) }),
  archive: z.object({ sha256: z.string(), same: z.boolean() }),
  release: z.string(),
  test: z.string(),
  packages: z.array(z.object({ target: z.string(), file: z.string().optional(), why: z.string().optional() })),
});

/** What `npm run dist` made. Fails with a sentence where it was not run. */
export function built() {
  const file = join(root, 'dist', 'packages.json');
  if (!existsSync(file)) throw new Error('nothing is built: npm run dist');
  return list.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Chromium's sandbox refuses to run as root. */
export const flags = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/**
 * As on a machine where nothing of a developer's is: no Node on the PATH, an empty cache (so that what computes can only be
 * what the package carries), a home of its own.
 */
export function bareEnvironment(home: string): Record<string, string> {
  const kept = ['DISPLAY', 'WAYLAND_DISPLAY', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'XAUTHORITY'];
  const inherited = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    PATH: process.platform === 'linux' ? programsWithoutOurs(join(home, 'bin')) : (process.env['PATH'] ?? ''),
    HOME: home,
    USERPROFILE: home,
    HEATLENS_CACHE: join(home, 'cache'),
    HEATLENS_HOME: join(home, 'projects'),
    HEATLENS_USER_DATA: join(home, 'user-data'),
    LANG: 'en_US.UTF-8',
    LANGUAGE: 'en',
  };
}

/** What a developer has and others have not. */
const ours = /^(node|npm|npx|python|pip|gcc|g\+\+|c\+\+|cc|clang)/;

/** A folder of links to the system's programs. */
function programsWithoutOurs(folder: string): string {
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync('/usr/bin').filter((each) => !ours.test(each))) {
      symlinkSync(join('/usr/bin', name), join(folder, name));
    }
  }
  return folder;
}
