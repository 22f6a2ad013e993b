import { answerer } from '#contract/answers.ts';
import { endSeconds, engineArguments } from '#contract/engine-process.ts';
import { toFailure } from '#contract/failures.ts';
import type { Port } from '#contract/port.ts';
import { engineCalls } from '#engine/backend/calls.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { dataCalls } from '#engine/data/calls.ts';
import { withProgress } from '#engine/data/progress.ts';
import { evaluationCalls } from '#engine/evaluate/calls.ts';
import { explainCalls } from '#engine/explain/calls.ts';
import { modelCalls } from '#engine/model/calls.ts';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { predictionCalls } from '#engine/predict/calls.ts';
import { modelsCalls } from '#engine/predict/model-calls.ts';
import { zooCalls } from '#engine/predict/zoo/calls.ts';
import { projectCalls } from '#engine/project/calls.ts';
import { defaultProjectFolder } from '#engine/project/default-folder.ts';
import { comparisonCalls } from '#engine/training/comparison/calls.ts';
import { trainingCalls } from '#engine/training/calls.ts';
import { videoCalls } from '#engine/video/calls.ts';
import { wire } from '#engine/wire.ts';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { openEntrance } from './entrance.ts';
import { Log } from './log.ts';
import { serveMedia } from './media.ts';
import { OpenProject } from './open-project.ts';
import { busy, startPulse } from './pulse.ts';

// Training takes every core it gets; the window's own work comes first.
os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
startPulse(fileURLToPath(new URL('./pulse-worker.cjs', import.meta.url)));
const log = new Log();
const report = (thrown: unknown) => log.failure(thrown);
process.on('uncaughtException', (thrown) => {
  report(thrown);
  process.exit(1);
});
// Ctrl-C in a terminal reaches every process there; what it means, the host decides.
process.on('SIGINT', () => undefined);
const started = busy('starting');

// Ports that come early wait: a port keeps its frames until somebody listens.
let answer: ((port: Port) => void) | null = null;
const early: Port[] = [];
let end: (reason: string) => void = () => process.exit(0);

const entrance = openEntrance({
  opened: (port) => (answer ? answer(port) : early.push(port)),
  end: (reason) => end(reason),
});

start().catch((thrown: unknown) => {
  report(thrown);
  entrance.tell({ kind: 'failed', reason: toFailure(thrown).message });
  setTimeout(() => process.exit(1), 200); // the message must be out first
});

async function start(): Promise<void> {
  const {
    project: folder = defaultProjectFolder(),
    backend: choice,
    queue,
  } = engineArguments.parse(JSON.parse(process.argv[2] ?? ''));
  const backend = await loadBackend(choice, { compiled: true });
  const shelf = new ZooShelf();
  const project = new OpenProject({ backend, busy, report, queue, zoo: shelf });
  await project.open(folder).catch(report); // calls then say why, and another can be opened
  const rooms = () => project.rooms;
  const router = wire.router({
    engine: engineCalls({ backend }),
    project: projectCalls(project, withProgress),
    data: dataCalls({
      catalogue: () => rooms().catalogue,
      queries: () => rooms().queries,
      imports: () => rooms().imports,
    }),
    model: modelCalls({
      dataset: (id) => rooms().catalogue.get(id),
      networks: () => rooms().networks,
      ofRun: (id) => rooms().trainer.network(id),
    }),
    training: trainingCalls({ store: () => rooms().runs, trainer: () => rooms().trainer }),
    comparison: comparisonCalls({ comparison: () => rooms().comparison }),
    evaluation: evaluationCalls({ evaluator: () => rooms().evaluator }),
    prediction: predictionCalls({ predictor: () => rooms().predictor, photos: () => rooms().photos }),
    models: modelsCalls(rooms, {
      zoo: (id) => (shelf.has(id) ? shelf.find(id).network() : null),
      ready: () => backend.use('prediction'),
    }),
    zoo: zooCalls({ shelf, backend, refuseWhileActive: () => rooms().refuseWhileActive() }),
    explain: explainCalls(() => ({ ...rooms(), dataset: (id) => rooms().catalogue.get(id) })),
    video: videoCalls(() => rooms().shelf),
  });
  const media = await serveMedia((path, query) => project.rooms.answerPicture(path, query), report);
  answer = answerer(router, report);
  for (const port of early) answer(port);
  end = endOnce(async () => {
    await project.close();
    await media.close();
  });
  process.on('SIGTERM', () => end('SIGTERM'));
  started();
  entrance.tell({ kind: 'ready', pictures: media.address });
  log.say(`ready: ${backend.status().backend} ${backend.status().version}, ${folder}`);
}

/** Ends the process once, after `close`, and within `endSeconds` in any case. */
function endOnce(close: () => Promise<void>): (reason: string) => void {
  let ending = false;
  return (reason) => {
    if (ending) return;
    ending = true;
    log.say(`ending: ${reason}`);
    setTimeout(() => process.exit(1), endSeconds * 1000);
    close().then(
      () => process.exit(0),
      (thrown: unknown) => {
        report(thrown);
        process.exit(1);
      },
    );
  };
}
