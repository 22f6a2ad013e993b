import { literal } from './literal.ts';
import { ratesOf, type TrainText } from './train-parts.ts';
import { py } from './python.ts';

/** `load_state` and `save_state`: to go on where somebody stood. */
export function stateText({ settings }: TrainText): string {
  const { earlyStopping: stopping, schedule } = settings;
  const plateau = schedule?.kind === 'plateau';
  const kept = ['best', stopping && 'best_epoch', (stopping ?? plateau) && 'wait', plateau && 'cooldown_counter'];
  return py`
def load_state(training, callbacks, path):
    """Network, optimizer and callbacks as they were. Returns where to go on: epoch and step, from 0."""
    about = path.with_suffix(".json")
    if not about.exists():  # a file of another program: its weights alone
        training.model.load_weights(path)
        return ${settings.initialEpoch ? 'INITIAL_EPOCH' : '0'}, 0
    place = json.loads(about.read_text())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file without the optimizer’s state
        training.model.load_weights(path)
    if place["optimizer"] != bool(training.optimizer.iterations.numpy()):
        raise SystemExit(f"{path} has another optimizer than this program.")
    ${
      plateau
        ? ['if place["learning_rate"] is not None:', '    training.optimizer.learning_rate = place["learning_rate"]']
        : ratesOf(settings) === 'never' && 'training.optimizer.learning_rate = LEARNING_RATE  # whatever it was'
    }
    for callback in callbacks:
        for name, value in place["callbacks"].get(type(callback).__name__, {}).items():
            setattr(callback, name, value)
    ${
      stopping?.restoreBest && [
        'best = path.with_name("best.keras")',
        'if best.exists():',
        '    stopping = callbacks[0]',
        '    stopping.best_weights = keras.models.load_model(best, compile=False).get_weights()',
      ]
    }
    return place["epoch"], place["step"]


def save_state(training, callbacks, path, epoch):
    """Under its name only when whole: a program that is killed loses no more than an epoch."""
    kept = ${literal(kept.filter((name) => typeof name === 'string'))}  # what callbacks remember
    place = {
        "epoch": epoch,
        "step": 0,
        "optimizer": True,
        ${plateau && '"learning_rate": training.rate,'}
        "callbacks": {
            type(callback).__name__: {
                name: float(value) if name == "best" else int(value)
                for name, value in vars(callback).items()
                if name in kept and value is not None
            }
            for callback in callbacks
        },
    }
    unfinished = path.with_name("unfinished.keras")
    training.model.save(unfinished)
    os.replace(unfinished, path)
    path.with_suffix(".json").write_text(json.dumps(place, indent=2))
`;
}

/** `check`; null where no weights were written. */
export function checkText({ first, kept, endsIn, auxiliary }: TrainText): string | null {
  if (!first && !kept) return null;
  const outputs = auxiliary.length > 0 ? 'outputs[0]' : 'outputs';
  return py`
def check():
    """Are the answers those of Heatlens? Both are asked about the same images."""
    model = network.build()
    for path in sorted((HERE / "weights").glob("*.keras")):
        asked = np.load(path.with_name(f"{path.stem}-check.npz"))
        model.load_weights(path)
        outputs = model(asked["images"].astype("float32"), training=False)
        answers = np.asarray(${endsIn === 'softmax' ? outputs : `keras.ops.softmax(${outputs})`})
        apart = float(np.abs(answers - asked["probabilities"]).max())
        same = int(np.sum(answers.argmax(1) == asked["probabilities"].argmax(1)))
        print(f"{path.name}: largest difference of a probability {apart:.1e}; ", end="")
        print(f"{same} of {len(answers)} images with the same class")
        if apart > 1e-4:
            raise SystemExit("These are other answers than those of Heatlens.")
`;
}
