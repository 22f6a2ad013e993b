import { z } from 'zod';

export const split = z.enum(['train', 'validation', 'test']);
export type Split = z.infer<typeof split>;
