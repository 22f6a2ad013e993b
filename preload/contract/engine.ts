import type { ContractRouterClient } from '@orpc/contract';
import { comparisonContract } from './comparison.ts';
import { dataContract } from './data.ts';
import { engineStatusContract } from './engine-status.ts';
import { evaluationContract } from './evaluation.ts';
import { explainContract } from './explain.ts';
import { modelContract } from './model.ts';
import { modelsContract } from './models.ts';
import { predictionContract } from './prediction.ts';
import { projectContract } from './project.ts';
import { trainingContract } from './training.ts';
import { videoContract } from './video.ts';
import { zooContract } from './zoo.ts';

/** All the engine does. Every call may also fail with `engine/lost`, `call/invalid` or `call/cancelled`. */
export const engineContract = {
  engine: engineStatusContract,
  project: projectContract,
  data: dataContract,
  model: modelContract,
  training: trainingContract,
  evaluation: evaluationContract,
  comparison: comparisonContract,
  prediction: predictionContract,
  models: modelsContract,
  zoo: zooContract,
  explain: explainContract,
  video: videoContract,
};

export type Engine = ContractRouterClient<typeof engineContract>;
