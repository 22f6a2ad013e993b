import { Catalogue } from '#engine/data/catalogue.ts';
import type { FindPredictions } from '#engine/data/data-set.ts';
import { pictureAnswers, type AnswerPicture } from '#engine/data/pictures.ts';
import { ImageQueries } from '#engine/data/query.ts';
import { Project } from '#engine/project/project.ts';

/** All that hangs on one open project. */
export interface Rooms {
  readonly project: Project;
  readonly catalogue: Catalogue;
  readonly queries: ImageQueries;
  readonly answerPicture: AnswerPicture;
  /** Fails with `run/active` while something runs that another project would break. */
  refuseWhileActive(): void;
  /** Ends what runs, keeping its results, and gives the folder back. */
  close(): Promise<void>;
}

/** Fails: the codes of `Project.open`. */
export async function openRooms(folder: string): Promise<Rooms> {
  const project = await Project.open(folder);
  try {
    const catalogue = await Catalogue.open(project);
    const predictions: FindPredictions = () => Promise.resolve(null);
    const queries = new ImageQueries(catalogue, predictions);
    return {
      project,
      catalogue,
      queries,
      answerPicture: pictureAnswers(catalogue, queries),
      refuseWhileActive: () => undefined,
      close: () => project.close(),
    };
  } catch (thrown) {
    await project.close();
    throw thrown;
  }
}
