import type { Monitor, TrainingSettings } from '#contract/training-settings.ts';
import { call, literal, real, text, type Literal } from './literal.ts';

const monitors: Readonly<Record<Monitor, string>> = {
  loss: 'loss',
  accuracy: 'accuracy',
  valLoss: 'val_loss',
  valAccuracy: 'val_accuracy',
};

const modeOf = (monitor: Monitor) => (monitor === 'accuracy' || monitor === 'valAccuracy' ? 'max' : 'min');

/** What watches an epoch's figures: `make_callbacks(out, chief, resumed)`. @param held whether images are held out */
export function callbacksText(settings: TrainingSettings, held: boolean): string[] {
  const { earlyStopping: stopping, schedule } = settings;
  const watched: Monitor = stopping?.monitor ?? (held ? 'valLoss' : 'loss');
  const all: string[] = [];
  if (stopping) {
    all.push(
      made('EarlyStopping', {
        monitor: monitors[stopping.monitor],
        min_delta: stopping.minDelta,
        patience: stopping.patience,
        mode: modeOf(stopping.monitor),
        restore_best_weights: stopping.restoreBest,
        start_from_epoch: stopping.startFrom - 1,
      }),
    );
  }
  if (schedule?.kind === 'plateau') {
    all.push(
      made('ReduceLROnPlateau', {
        monitor: monitors[schedule.monitor],
        factor: schedule.factor,
        patience: schedule.patience,
        mode: modeOf(schedule.monitor),
        min_delta: schedule.minDelta,
        cooldown: schedule.cooldown,
        min_lr: schedule.least,
      }),
    );
  }
  const head = [
    'def make_callbacks(out, chief, resumed):',
    '    """What is done after an epoch. All workers hear the same figures and decide alike; one writes."""',
  ];
  const writers = [
    'best = keras.callbacks.ModelCheckpoint(',
    '    str(out / "best.keras"),',
    `    monitor=${text(monitors[watched])},`,
    `    mode=${text(modeOf(watched))},`,
    '    save_best_only=True,',
    ')',
    'log = keras.callbacks.CSVLogger(str(out / "history.csv"), append=resumed)',
  ];
  const indented = (lines: readonly string[], by: number) => lines.map((line) => ' '.repeat(by) + line);
  if (all.length === 0) {
    return [...head, ...indented(['if not chief:', '    return []', ...writers, 'return [best, log]'], 4)];
  }
  return [
    ...head,
    '    callbacks = [',
    ...all.map((each) => `        ${each},`),
    '    ]',
    '    if chief:',
    ...indented([...writers, 'callbacks += [best, log]'], 8),
    '    return callbacks',
  ];

  function made(name: string, args: Readonly<Record<string, Literal>>): string {
    const whole = new Set(['patience', 'cooldown', 'start_from_epoch']);
    const given = Object.entries(args).map(([key, value]) => {
      return `${key}=${typeof value === 'number' && !whole.has(key) ? real(value) : literal(value)}`;
    });
    return call(`keras.callbacks.${name}`, given, 8);
  }
}
