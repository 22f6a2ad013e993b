import { ratesOf, type TrainText } from './train-parts.ts';
import { py } from './python.ts';

/** What a person may ask for, and the loop over epochs. */
export function mainText(parts: TrainText): string {
  return [optionsText(parts), epochText(parts), runText(parts), wordsText].join('\n\n\n');
}

function optionsText({ first, kept, tuned }: TrainText): string {
  const fresh = first && !tuned;
  return py`
def parse():
    parser = argparse.ArgumentParser(description=f"Trains {NAME} on Keras.".replace("%", "%%"))
    add = parser.add_argument
    add("--epochs", type=int, default=EPOCHS, help="in all, those done among them")
    add("--batch", type=int, default=BATCH, help="images of a step, of all workers")
    add("--data", type=Path, default=HERE / "data", help="folder of the images")
    add("--out", type=Path, default=HERE / "out", help="folder for what is written")
    add("--weights", type=Path, ${first && 'default=FIRST, '}help="a .keras file to begin with")
    ${fresh && 'add("--fresh", action="store_true", help="begin with weights that Keras draws")'}
    add("--resume", action="store_true", help="go on where --out${kept && ', or else Heatlens,'} stands")
    add("--seed", type=int, default=SEED, help="of order, changes and first weights")
    ${(first || kept) && 'add("--check", action="store_true", help="compare answers with those of Heatlens")'}
    return parser.parse_args()


def beginning(options):
    """The file to begin with; None: weights that Keras draws."""
    if not options.resume:
        return ${fresh ? 'None if options.fresh else options.weights' : 'options.weights'}
    ${
      kept
        ? [
            'for path in (options.out / "last.keras", HERE / "weights" / "kept.keras"):',
            '    if path.exists():',
            '        return path',
            'raise SystemExit(f"There is nothing to go on from: {path} is missing.")',
          ]
        : [
            'path = options.out / "last.keras"',
            'if not path.exists():',
            '    raise SystemExit(f"There is nothing to go on from: {path} is missing.")',
            'return path',
          ]
    }
`;
}

function epochText({ settings }: TrainText): string {
  const epochs = settings.schedule?.kind === 'cosine';
  const rate = `learning_rate(epoch * steps + step, steps${epochs ? ', epochs' : ''})`;
  const set = {
    every: [`training.optimizer.learning_rate = ${rate}`],
    some: [`rate = ${rate}`, 'if rate is not None:', '    training.optimizer.learning_rate = rate'],
    never: [],
  }[ratesOf(settings)];
  return py`
def train_epoch(training, batches, epoch, first, steps${epochs && ', epochs'}):
    """The steps of an epoch from number "first" on. Returns what each measured, and its learning rate."""
    sums, rates = [], []
    for step in range(first, steps):
        ${set}
        sums.append(training.train_step(next(batches)).numpy())
        rates.append(training.rate)
        if not np.isfinite(sums[-1][0]):
            raise SystemExit(f"The loss is no number: epoch {epoch + 1}, step {step + 1}.")
    return sums, rates
`;
}

function runText(parts: TrainText): string {
  const { settings, held, tested, first, kept } = parts;
  const drawn = settings.shuffle !== false || (settings.augmentation?.ops.length ?? 0) > 0;
  const stops = settings.earlyStopping !== undefined;
  const begun = settings.initialEpoch ? 'INITIAL_EPOCH' : '0';
  const steps = '-(-len(train) // options.batch)  # rounded up: the last batch may be smaller';
  const epochs = settings.schedule?.kind === 'cosine' ? ', options.epochs' : '';
  const every = (settings.validationFrequency ?? 1) > 1;
  const saving = (settings.checkpoints?.everyEpochs ?? 1) > 1;
  const limited = settings.validationSteps === undefined ? '' : ', VALIDATION_STEPS';
  const measured = [
    `figures = measure(training, held, options.batch${limited})`,
    'logs |= {f"val_{name}": value for name, value in figures.items()}',
  ];
  return py`
def main():
    options = parse()
    ${(first || kept) && ['if options.check:', '    return check()']}
    strategy = make_strategy()  # before anything else is computed
    _, chief = machines()
    keras.utils.set_random_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    train = images.read(options.data, "train")
    ${held && 'held = images.read(options.data, "validation")'}
    ${tested && 'test = images.read(options.data, "test")'}
    steps = ${settings.stepsPerEpoch === undefined ? steps : 'STEPS_PER_EPOCH'}

    training = Training(strategy)
    callbacks = make_callbacks(options.out, chief, options.resume)
    listeners = keras.callbacks.CallbackList(callbacks, model=training.model)
    listeners.on_train_begin()
    begun, done = ${begun}, 0
    path = beginning(options)
    if path is not None:
        begun, done = load_state(training, callbacks, path)
        say(chief, f"Begins with {path.name}, after {begun} epochs and {done} steps.")
    say(chief, f"{NAME}: {len(train)} images of {len(CLASSES)} classes, {steps} steps an epoch.")
    say(chief, f"Devices that train together: {training.replicas}.")
    if begun >= options.epochs:
        say(chief, f"All {options.epochs} epochs are done; --epochs asks for more.")

    if chief and not options.resume:
        (options.out / "steps.csv").unlink(missing_ok=True)
    first = begun * steps + done  # steps passed over
    batches = images.training_batches(strategy, train, options.batch, ${drawn && 'options.seed, '}first)
    batches = iter(batches)
    for epoch in range(begun, options.epochs):
        listeners.on_epoch_begin(epoch)
        started = time.time()
        sums, rates = train_epoch(training, batches, epoch, done, steps${epochs})
        speed = np.sum(sums, axis=0)[2] / (time.time() - started)
        logs = figures_of(sums) | {"learning_rate": rates[-1]}
        ${held && (every ? ['if (epoch + 1) % VALIDATION_FREQUENCY == 0:', ...measured.map((line) => `    ${line}`)] : measured)}
        listeners.on_epoch_end(epoch, logs)
        say(chief, f"epoch {epoch + 1}/{options.epochs}: {shown(logs)}; {speed:.0f} images/s")
        ${stops && 'stop = training.model.stop_training'}
        if chief:
            log_steps(options.out, epoch, done, sums, rates)
            ${
              saving
                ? [
                    'last = epoch + 1 == options.epochs',
                    `if ${stops ? 'stop or ' : ''}last or (epoch + 1) % CHECKPOINT_EVERY == 0:`,
                    `    save_state(training, callbacks, options.out / "last.keras", epoch + 1)`,
                  ]
                : `save_state(training, callbacks, options.out / "last.keras", epoch + 1)`
            }
            ${
              settings.snapshotEvery !== undefined && [
                'if (epoch + 1) % KEEP_WEIGHTS_EVERY == 0:',
                '    training.model.save_weights(options.out / f"epoch-{epoch + 1:04d}.weights.h5")',
              ]
            }
        done = 0
        ${stops && ['if stop:', '    say(chief, "The figures get no better: enough.")', '    break']}
    listeners.on_train_end()${settings.earlyStopping?.restoreBest && '  # brings back the weights of the best epoch'}

    ${tested && ['figures = measure(training, test, 256)', 'say(chief, f"test: {shown(figures)}")']}
    if chief:
        training.model.save(options.out / "final.keras")
        ${tested && ['results = json.dumps({"test": figures}, indent=2)', '(options.out / "results.json").write_text(results)']}
`;
}

const wordsText = py`
def log_steps(out, epoch, first, sums, rates):
    """One line a step."""
    path = out / "steps.csv"
    new = not path.exists()
    with open(path, "a", newline="") as file:
        lines = csv.writer(file)
        if new:
            lines.writerow(["epoch", "step", "images", "loss", "accuracy", "learning_rate"])
        for step, (values, rate) in enumerate(zip(sums, rates), start=first + 1):
            loss, right, count = (float(value) for value in values[:3])
            lines.writerow([epoch + 1, step, int(count), loss / count, right / count, rate])


def shown(figures):
    return ", ".join(f"{name} {value:.4g}" for name, value in figures.items())


def say(chief, words):
    if chief:
        print(words, flush=True)
`;
