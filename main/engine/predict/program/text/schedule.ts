import type { ScheduleSettings } from '#contract/training-settings.ts';
import { real } from './literal.ts';

/**
 * `learning_rate(done, steps)`: of the step after `done` others, with `steps` an epoch; cosine wants `epochs` too, and `None`
 * leaves it as it is. Null where it is never set. The formulas are those of `main/engine/training/schedule.ts`.
 */
export function scheduleText(settings: ScheduleSettings = { kind: 'constant' }): string[] | null {
  const { kind, warmUpEpochs = 0 } = settings;
  const warm = warmUpEpochs > 0;
  if (!warm && (kind === 'constant' || kind === 'plateau')) return null;
  const [doc, body] = ruleOf(settings);
  const rest = body.some((line) => /\b(gone|rest)\b/.test(line));
  return [
    `def learning_rate(done, steps${kind === 'cosine' ? ', epochs' : ''}):`,
    `    """${doc}`,
    '',
    `    done: steps so far; steps: of an epoch.${kind === 'plateau' ? ' None leaves the rate as it is.' : ''}`,
    '    """',
    ...(warm
      ? [
          `    warm_up = math.floor(${real(warmUpEpochs)} * steps + 0.5)  # steps, linear, from 0`,
          '    if done < warm_up:',
          '        return LEARNING_RATE * done / warm_up',
        ]
      : []),
    ...(rest ? [`    gone = ${warm ? 'done - warm_up' : 'done'}`] : []),
    ...body.map((line) => `    ${warm ? line : line.replace(' - warm_up', '')}`),
  ];
}

/** What it is, in words, and its lines. */
function ruleOf(settings: ScheduleSettings): [doc: string, body: string[]] {
  const warm = (settings.warmUpEpochs ?? 0) > 0;
  switch (settings.kind) {
    case 'constant':
      return ['The learning rate of the next step: the same after the beginning.', ['return LEARNING_RATE']];
    case 'step':
      return [
        `The learning rate of the next step: times ${real(settings.factor)} every ${settings.epochs} epochs.`,
        [`return LEARNING_RATE * ${real(settings.factor)} ** (gone // (${settings.epochs} * steps))`],
      ];
    case 'exponential': {
      const exponent = settings.staircase
        ? `gone // (${settings.epochs} * steps)`
        : `gone / (${settings.epochs} * steps)`;
      return [
        'The learning rate of the next step, as keras.optimizers.schedules.ExponentialDecay has it.',
        [`return LEARNING_RATE * ${real(settings.rate)} ** (${exponent})`],
      ];
    }
    case 'cosine':
      return [
        'The learning rate of the next step, as keras.optimizers.schedules.CosineDecay has it.',
        [
          'rest = max(1, epochs * steps - warm_up)',
          'way = min(1.0, gone / rest)',
          `floor = ${real(settings.floor)}  # the part of the rate that is left at the end`,
          'return LEARNING_RATE * ((1 - floor) * 0.5 * (1 + math.cos(math.pi * way)) + floor)',
        ],
      ];
    case 'plateau':
      return [
        'The learning rate of the next step: ReduceLROnPlateau changes it after an epoch, nothing else does.',
        warm ? ['return LEARNING_RATE if done == warm_up else None'] : ['return None'],
      ];
  }
}
