import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { EngineStatus } from '#contract/engine-status.ts';
import type { ZooEntry } from '#contract/zoo.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import type { Speed } from './measure.ts';

type Milliseconds = NonNullable<ZooEntry['milliseconds']>;

const kept = z.record(
  z.string(),
  z.record(z.string(), z.object({ one: z.number().positive(), eight: z.number().positive(), measured: z.string() })),
);

/** What each model took on this machine, by device and backend: another graphics card, another TensorFlow, other times. */
export class Measurements {
  readonly #file: string;
  readonly #status: () => Pick<EngineStatus, 'backend' | 'version' | 'device'>;

  constructor(folder: string, status: () => Pick<EngineStatus, 'backend' | 'version' | 'device'>) {
    this.#file = path.join(folder, 'measured.json');
    this.#status = status;
  }

  /** Undefined until measured with this device. */
  of(id: string): Milliseconds | undefined {
    const found = this.#read()[this.#key()]?.[id];
    return found && { ...found, device: this.#status().device.name };
  }

  /** Fails: `file/no-space`, `file/not-writable`. */
  async keep(id: string, speed: Speed): Promise<void> {
    const all = this.#read();
    const key = this.#key();
    const measured = { ...speed, measured: new Date().toISOString() };
    const text = JSON.stringify({ ...all, [key]: { ...all[key], [id]: measured } }, null, 1);
    const folder = path.dirname(this.#file);
    await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
      throw fileFailure(thrown, folder, 'writing');
    });
    await writeAtomic(this.#file, `${text}\n`);
  }

  #key(): string {
    const { backend, version, device } = this.#status();
    return `${device.kind} ${device.name}, ${backend} ${version}`;
  }

  /** Nothing where there is no file or a damaged one: it is soon measured again. */
  #read(): z.infer<typeof kept> {
    try {
      return kept.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return {};
    }
  }
}
