import { existsSync } from 'node:fs';
import path from 'node:path';
import { callsOver } from '#contract/calls.ts';
import type { engineContract } from '#contract/engine.ts';
import { AppError } from '#contract/failures.ts';
import { EngineProcess } from '#link/engine-process.ts';
import { nodeLauncher } from '#link/node-process.ts';
import { fetchPicture } from '#link/pictures.ts';
import { besideUs } from './places.ts';
import type { Connection, ConnectOptions } from './session.ts';

/** Starts an engine of our own as a child of this Node. Fails: `engine/lost` with the reason. */
export async function connect({ backend, project }: ConnectOptions): Promise<Connection> {
  const file = path.join(besideUs(), 'engine.cjs');
  if (!existsSync(file)) throw new AppError('file/missing', `There is no file ${file}; build first.`, { file });
  const args = { backend, ...(project === undefined ? {} : { project: path.resolve(project) }) };
  const process = new EngineProcess({ launch: nodeLauncher(file, undefined, 'ignore'), args: () => args });
  process.start();
  const life = await process.settled();
  if (life.state !== 'ready') {
    const { reason } = life;
    throw new AppError('engine/lost', `The engine does not start: ${reason}.`, { reason });
  }
  const port = process.connect();
  return {
    engine: callsOver<typeof engineContract>(port),
    picture: async (address) => {
      const { status, body } = await fetchPicture(process.pictures, `/${address}`);
      const bytes = Buffer.concat(await body.toArray());
      if (status === 200) return bytes;
      const reason = bytes.toString();
      throw new AppError(status === 503 ? 'engine/lost' : 'internal', reason, { reason });
    },
    close: async () => {
      port.close();
      await process.close();
    },
  };
}
