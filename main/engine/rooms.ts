import type { EngineArguments } from '#contract/engine-process.ts';
import type { Backend } from '#engine/backend/load.ts';
import { machineMemory } from '#engine/backend/machine-memory.ts';
import { AppError } from '#contract/failures.ts';
import { Catalogue } from '#engine/data/catalogue.ts';
import { Imports } from '#engine/data/import/imports.ts';
import { pictureAnswers, type AnswerPicture } from '#engine/data/pictures.ts';
import { ImageQueries } from '#engine/data/query.ts';
import { Evaluator } from '#engine/evaluate/evaluator.ts';
import { Models, type Zoo } from '#engine/predict/models.ts';
import { Photos } from '#engine/predict/photos.ts';
import { photoAnswers } from '#engine/predict/photo-answers.ts';
import { Predictor } from '#engine/predict/predictor.ts';
import { SavedModels } from '#engine/predict/saved-models.ts';
import { trainedIn } from '#engine/predict/trained.ts';
import { OwnModels } from '#engine/model/own-models.ts';
import { OwnNetworks } from '#engine/model/own-networks.ts';
import { Project } from '#engine/project/project.ts';
import { Comparison } from '#engine/training/comparison/comparison.ts';
import { isActive, RunStore } from '#engine/training/run-store.ts';
import { Trainer } from '#engine/training/trainer.ts';
import { filmAnswers } from '#engine/video/film-answers.ts';
import { openShelf, type Shelf } from '#engine/video/shelf.ts';

/** What the rooms take from the process they are in. */
export interface Surroundings {
  readonly backend: Backend;
  readonly busy: (label: string) => () => void;
  /** Hears failures that nobody foresaw, for the log. */
  readonly report: (thrown: unknown) => void;
  readonly zoo: Zoo;
  /** Whether queued runs begin by themselves when a project is opened. */
  readonly queue: EngineArguments['queue'];
}

/** All that hangs on one open project. */
export interface Rooms {
  readonly project: Project;
  readonly catalogue: Catalogue;
  readonly queries: ImageQueries;
  readonly imports: Imports;
  readonly answerPicture: AnswerPicture;
  readonly networks: OwnNetworks;
  readonly ownModels: OwnModels;
  readonly savedModels: SavedModels;
  readonly models: Models;
  readonly photos: Photos;
  readonly runs: RunStore;
  readonly trainer: Trainer;
  readonly comparison: Comparison;
  readonly evaluator: Evaluator;
  readonly predictor: Predictor;
  readonly shelf: Shelf;
  /** Fails with `run/active` while a run trains. */
  refuseWhileActive(): void;
  /** Ends what runs, keeping its results, and gives the folder back. */
  close(): Promise<void>;
}

/** Fails: the codes of `Project.open`. */
export async function openRooms(folder: string, { backend, busy, report, queue, zoo }: Surroundings): Promise<Rooms> {
  const project = await Project.open(folder);
  try {
    for (const repair of project.repaired) report(new Error(repair));
    const [catalogue, runs, networks] = await Promise.all([
      Catalogue.open(project),
      RunStore.open(project),
      OwnNetworks.open(project, report),
    ]);
    const [ownModels, savedModels, photos] = await Promise.all([
      OwnModels.open(project, networks, report),
      SavedModels.open(project, report),
      Photos.open(project, report),
    ]);
    const models = new Models({
      ...{ runs, own: ownModels, saved: savedModels, zoo },
      dataset: (id) => catalogue.get(id),
      ready: () => backend.use('prediction'),
    });
    const trainer = new Trainer({
      ...{ store: runs, backend, busy, report },
      dataset: (id) => catalogue.get(id),
      network: (id) => networks.find(id),
      memory: () => machineMemory(backend.status().device.kind),
      base: (ref) => models.portable(ref),
      featuresFolder: project.featuresFolder,
    });
    // After a crash what crashed may be in the queue: its user decides.
    const goesOn = queue === 'goes-on' && !runs.crashed;
    if (goesOn) trainer.goOn();
    const trained = trainedIn({ project, runs, catalogue, models, ready: () => backend.use('prediction') });
    const evaluator = new Evaluator(trained);
    const predictor = new Predictor({ models, photos, dataset: (id) => catalogue.get(id) });
    const imports = new Imports(catalogue);
    const queries = new ImageQueries(catalogue, evaluator.predictions);
    const training = () => runs.list().some(isActive);
    const shelf = await openShelf(project, { models, predictor, training, report, goesOn, shown: queue === 'goes-on' });
    const pictures = photoAnswers({ photos, predictor }, pictureAnswers(catalogue, queries, imports));
    return {
      project,
      catalogue,
      queries,
      imports,
      networks,
      ownModels,
      savedModels,
      models,
      photos,
      runs,
      trainer,
      comparison: new Comparison(runs),
      evaluator,
      predictor,
      shelf,
      answerPicture: filmAnswers(shelf, pictures),
      refuseWhileActive: () => {
        const run = runs.list().find(isActive);
        if (run) throw new AppError('run/active', `Run ${run.id} is training; stop it first.`, { run: run.name });
      },
      close: async () => {
        await Promise.all([shelf.queue.close(), trainer.close()]);
        models.dispose();
        await project.close();
      },
    };
  } catch (thrown) {
    await project.close();
    throw thrown;
  }
}
