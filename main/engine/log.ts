import envPaths from 'env-paths';
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';

/** Bytes after which a log is put aside; three are kept. */
const rotateAt = 2 * 2 ** 20;
const kept = 3;

/** The folder of this user's logs. `HEATLENS_USER_DATA` moves it. */
export function logFolder(): string {
  const data = process.env['HEATLENS_USER_DATA'];
  return data ? path.join(path.resolve(data), 'logs') : envPaths('heatlens', { suffix: '' }).log;
}

/** Lines with time and process, appended to one file and to stderr; stacks stay here and never reach the page. */
export class Log {
  readonly file: string;

  constructor(folder = logFolder()) {
    this.file = path.join(folder, 'engine.log');
  }

  say(sentence: string): void {
    this.#write('info', sentence);
  }

  /** What was thrown and not foreseen, with its stack and causes. */
  failure(thrown: unknown): void {
    this.#write('fail', inspect(thrown, { depth: 4 }));
  }

  #write(kind: string, text: string): void {
    const line = `${new Date().toISOString()} ${process.pid} ${kind} ${text.replaceAll('\n', '\n  ')}\n`;
    process.stderr.write(line);
    try {
      mkdirSync(path.dirname(this.file), { recursive: true });
      this.#rotate();
      appendFileSync(this.file, line);
    } catch {
      // A log that cannot be written must not stop the work; stderr has the line.
    }
  }

  #rotate(): void {
    if ((statSync(this.file, { throwIfNoEntry: false })?.size ?? 0) < rotateAt) return;
    for (let age = kept - 1; age > 0; age--) {
      const from = age === 1 ? this.file : `${this.file}.${age - 1}`;
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${this.file}.${age}`);
    }
  }
}
