import type { ScheduleSettings } from '#contract/training-settings.ts';
import { real } from './literal.ts';

/** How the learning rate of a step is found, and whether a callback changes it beside. */
export interface ScheduleText {
  readonly lines: readonly string[];
}

/**
 * `learning_rate(done, steps, epochs)`: of the step after `done` others, with `steps` an epoch; `None` leaves it as it is.
 * The formulas are those of `main/engine/training/schedule.ts`.
 */
export function scheduleText(settings: ScheduleSettings = { kind: 'constant' }, base: number): string[] {
  const { warmUpEpochs = 0 } = settings;
  const warm = warmUpEpochs > 0;
  const [doc, body] = ruleOf(settings);
  const rest = body.some((line) => /\b(gone|rest)\b/.test(line));
  return [
    `BASE_RATE = ${real(base)}`,
    '',
    '',
    'def learning_rate(done, steps, epochs):',
    `    """${doc}`,
    '',
    '    done: steps so far; steps: of an epoch. None leaves the rate as it is.',
    '    """',
    ...(warm
      ? [
          `    warm_up = round_half_up(${real(warmUpEpochs)} * steps)  # linear, from 0`,
          '    if done < warm_up:',
          '        return BASE_RATE * done / warm_up',
        ]
      : []),
    ...(rest ? [`    gone = ${warm ? 'done - warm_up' : 'done'}`] : []),
    ...body.map((line) => `    ${warm ? line : line.replace(' - warm_up', '')}`),
    ...(warm ? ['', '', 'def round_half_up(number):', '    return math.floor(number + 0.5)'] : []),
  ];
}

/** What it is, in words, and its lines. */
function ruleOf(settings: ScheduleSettings): [doc: string, body: string[]] {
  const warm = (settings.warmUpEpochs ?? 0) > 0;
  switch (settings.kind) {
    case 'constant':
      return ['The learning rate of the next step: always the same.', ['return BASE_RATE']];
    case 'step':
      return [
        `The learning rate of the next step: times ${real(settings.factor)} every ${settings.epochs} epochs.`,
        [`return BASE_RATE * ${real(settings.factor)} ** (gone // (${settings.epochs} * steps))`],
      ];
    case 'exponential': {
      const exponent = settings.staircase
        ? `gone // (${settings.epochs} * steps)`
        : `gone / (${settings.epochs} * steps)`;
      return [
        'The learning rate of the next step, as keras.optimizers.schedules.ExponentialDecay has it.',
        [`return BASE_RATE * ${real(settings.rate)} ** (${exponent})`],
      ];
    }
    case 'cosine':
      return [
        'The learning rate of the next step, as keras.optimizers.schedules.CosineDecay has it.',
        [
          'rest = max(1, epochs * steps - warm_up)',
          'way = min(1.0, gone / rest)',
          `floor = ${real(settings.floor)}  # the part of the rate that is left at the end`,
          'return BASE_RATE * ((1 - floor) * 0.5 * (1 + math.cos(math.pi * way)) + floor)',
        ],
      ];
    case 'plateau':
      return [
        'The learning rate of the next step: ReduceLROnPlateau changes it after an epoch, nothing else does.',
        warm ? ['return BASE_RATE if done == warm_up else None'] : ['return None'],
      ];
  }
}
