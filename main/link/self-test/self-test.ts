import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { callsOver } from '#contract/calls.ts';
import type { engineContract } from '#contract/engine.ts';
import { toFailure } from '#contract/failures.ts';
import type { LaunchEngine } from '../engine-child.ts';
import { EngineProcess } from '../engine-process.ts';
import { steps as usualSteps, type Findings } from './steps.ts';

export interface StepReport {
  readonly step: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly found?: Findings;
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface SelfTestReport {
  readonly ok: boolean;
  /** Heatlens', its host's and Node's. */
  readonly versions: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly packaged: boolean;
  readonly steps: readonly StepReport[];
  readonly seconds: number;
}

export interface SelfTestOptions {
  readonly launch: LaunchEngine;
  readonly versions: Readonly<Record<string, string>>;
  readonly packaged: boolean;
  /** What the host tries beside what the engine does. */
  readonly ownSteps?: Readonly<Record<string, (engine: EngineProcess) => Promise<Findings>>>;
  readonly steps?: typeof usualSteps;
  /** Hears of the engine's life. */
  readonly report?: (sentence: string) => void;
  /** A step that takes longer has failed. */
  readonly stepSeconds?: number;
}

/**
 * Starts an engine with a project of its own, has it train, predict, explain and make a film, and takes everything away
 * again. What fails is in the report; nothing is thrown.
 */
export async function selfTest(options: SelfTestOptions): Promise<SelfTestReport> {
  const { launch, versions, packaged, ownSteps = {}, steps = usualSteps, stepSeconds = 120, report = ignore } = options;
  const began = performance.now();
  const project = await mkdtemp(path.join(tmpdir(), 'heatlens-self-test-'));
  const engine = new EngineProcess({ launch, args: () => ({ backend: 'auto', project }), report });
  const reports: StepReport[] = [];
  const take = async (step: string, act: () => Promise<Findings>, within = stepSeconds) => {
    const report = await taken(step, act, within);
    reports.push(report);
    return report.ok;
  };
  const started = await take(
    'start',
    async () => {
      engine.start();
      const { state, reason } = await engine.settled();
      if (state !== 'ready') throw new Error(`The engine does not start: ${reason}.`);
      return {};
    },
    60,
  );
  if (started) {
    const port = engine.connect();
    const calls = callsOver<typeof engineContract>(port);
    for (const [step, act] of Object.entries(steps)) await take(step, () => act(calls));
    port.close();
  }
  for (const [step, act] of Object.entries(ownSteps)) await take(step, () => act(engine));
  await engine.close();
  await rm(project, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const ok = reports.every((report) => report.ok);
  const platform = `${process.platform}-${process.arch}`;
  return { ok, versions, platform, packaged, steps: reports, seconds: since(began) };
}

async function taken(step: string, act: () => Promise<Findings>, within: number): Promise<StepReport> {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${within} s.`)), within * 1000);
  });
  try {
    const found = await Promise.race([act(), late]);
    return { step, ok: true, seconds: since(began), found };
  } catch (thrown) {
    const { code, message } = toFailure(thrown);
    return { step, ok: false, seconds: since(began), failure: { code, message } };
  } finally {
    clearTimeout(timer);
  }
}

const ignore = () => undefined;

const since = (began: number) => Math.round(performance.now() - began) / 1000;
