import { tf } from '#engine/backend/tensors.ts';
import { Project } from '#engine/project/project.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { Trainer } from '#engine/training/trainer.ts';
import { brightness, settings } from './brightness.ts';

// Trains in the project named by the first argument until it is killed, and says so after each epoch.
tf.env().set('IS_TEST', true); // no advertisement of tfjs-node on stderr
await tf.setBackend('cpu');
const project = await Project.open(process.argv[2]!);
const trainer = new Trainer({
  store: await RunStore.open(project),
  dataset: () => Promise.resolve(brightness()),
  backend: { name: 'cpu', trains: 'small', use: () => Promise.resolve() },
  busy: () => () => undefined,
  report: (thrown) => process.stderr.write(String(thrown)),
});
const run = await trainer.start({ ...settings, epochs: 100_000 });
for await (const event of trainer.watch(run.id, undefined)) {
  if (event.kind === 'epoch') process.stdout.write(`${event.record.epoch}\n`);
}
