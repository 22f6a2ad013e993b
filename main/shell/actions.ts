import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostAction } from '#contract/host.ts';

/** Menu commands and files handed over, to the page. Files that come before it listens wait for it. */
export class Actions {
  readonly #hears = new Set<(action: HostAction) => void>();
  #waiting: HostAction[] = [];

  readonly follow = (hear: (action: HostAction) => void): (() => void) => {
    this.#hears.add(hear);
    for (const action of this.#waiting.splice(0)) hear(action);
    return () => this.#hears.delete(hear);
  };

  command(command: string): void {
    for (const hear of this.#hears) hear({ kind: 'command', command });
  }

  open(paths: string[]): void {
    if (paths.length === 0) return;
    const action: HostAction = { kind: 'open', paths };
    if (this.#hears.size === 0) this.#waiting.push(action);
    for (const hear of this.#hears) hear(action);
  }
}

/**
 * The files named on a command line.
 * @param unpackaged the first argument then names the application's own folder
 */
export function filesIn(argv: readonly string[], folder: string, unpackaged: boolean): string[] {
  const named = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  return named
    .slice(unpackaged ? 1 : 0)
    .map((name) => (name.startsWith('file:') ? pathOf(name) : path.resolve(folder, name)))
    .filter((file) => existsSync(file));
}

/** File managers of Linux may hand over addresses; one that names no file of this machine is none that is there. */
function pathOf(address: string): string {
  try {
    return fileURLToPath(address);
  } catch {
    return '';
  }
}
