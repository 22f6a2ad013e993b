import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/**
 * The project that opens when none is named: `HEATLENS_PROJECT`, or "My project" in `HEATLENS_HOME`, or in "Heatlens"
 * among the person's documents. A machine without a documents folder (a server) keeps it straight in the home folder.
 */
export function defaultProjectFolder({ env, home, platform }: Surroundings = here()): string {
  if (env['HEATLENS_PROJECT']) return resolve(env['HEATLENS_PROJECT']);
  const parent = env['HEATLENS_HOME']
    ? resolve(env['HEATLENS_HOME'])
    : join(documents(env, home, platform), 'Heatlens');
  return join(parent, 'My project');
}

function here(): Surroundings {
  return { env: process.env, home: homedir(), platform: process.platform };
}

function documents(env: Surroundings['env'], home: string, platform: NodeJS.Platform): string {
  const named = platform === 'linux' ? xdgDocuments(env, home) : null;
  const folder = named ?? join(home, 'Documents');
  return existsSync(folder) ? folder : home;
}

/** Desktops in other languages name the folder themselves, in `user-dirs.dirs`: `XDG_DOCUMENTS_DIR="$HOME/文档"`. */
function xdgDocuments(env: Surroundings['env'], home: string): string | null {
  try {
    const file = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'user-dirs.dirs');
    const line = /^XDG_DOCUMENTS_DIR="(.+)"$/m.exec(readFileSync(file, 'utf8'));
    return line?.[1]?.replace(/^\$HOME/, home) ?? null;
  } catch {
    return null;
  }
}
