import { implement } from '@orpc/server';
import type { z } from 'zod';
import {
  hostContract,
  type Abilities,
  type EngineLife,
  type HostAction,
  type News,
  type pickRequest,
  type Work,
} from '#contract/host.ts';
import { announced } from './announced.ts';
import type { EngineProcess } from './engine-process.ts';
import type { PreferencesFile } from './preferences-file.ts';

export interface HostParts {
  readonly engine: EngineProcess;
  readonly preferences: PreferencesFile;
  readonly abilities: Abilities;
  pick(request: z.output<typeof pickRequest>): Promise<string[]>;
  /** Fails: `file/missing`, `call/forbidden`. */
  reveal(path: string): Promise<void>;
  notify(news: News): void;
  working(work: Work): void;
  /** Starts to hear of actions; returns the function that stops it. */
  onAction(hear: (action: HostAction) => void): () => void;
}

const wire = implement(hostContract);

/** The host contract; what differs between a window and a browser comes in. */
export function hostCalls(host: HostParts) {
  const { engine, preferences } = host;
  return wire.router({
    abilities: wire.abilities.handler(() => host.abilities),
    engineLife: wire.engineLife.handler(({ signal }) => {
      return announced<EngineLife>((hear) => {
        hear(engine.life);
        return engine.onLife(hear);
      }, signal);
    }),
    restartEngine: wire.restartEngine.handler(() => engine.restart()),
    preferences: wire.preferences.handler(() => preferences.values),
    setPreferences: wire.setPreferences.handler(({ input }) => {
      const given = Object.entries(input).filter(([, value]) => value !== undefined);
      return preferences.set(Object.fromEntries(given));
    }),
    pick: wire.pick.handler(({ input }) => host.pick(input)),
    reveal: wire.reveal.handler(({ input }) => host.reveal(input.path)),
    notify: wire.notify.handler(({ input }) => host.notify(input)),
    working: wire.working.handler(({ input }) => host.working(input)),
    actions: wire.actions.handler(({ signal }) => announced(host.onAction, signal)),
  });
}
