import { AppError } from '#contract/failures.ts';

export const unknownModel = (model: string) =>
  new AppError('model/unknown', `There is no model "${model}".`, { model });
