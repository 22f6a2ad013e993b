/** Parts of train.py that are the same for every run. */

export const strategyLines = String.raw`def make_strategy():
    """Several machines where TF_CONFIG names them, all GPUs of this one, or what there is."""
    if machines()[0] > 1:
        return tf.distribute.MultiWorkerMirroredStrategy()
    if len(tf.config.list_physical_devices("GPU")) > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.get_strategy()


def machines():
    """How many train together, and whether this one writes what comes of it."""
    given = json.loads(os.environ.get("TF_CONFIG") or "{}")
    cluster, task = given.get("cluster", {}), given.get("task", {})
    count = sum(len(cluster.get(kind, [])) for kind in ("chief", "worker"))
    first = "chief" if "chief" in cluster else "worker"
    return count, count < 2 or (task.get("type") == first and int(task.get("index", 0)) == 0)`;

/** What differs from run to run in a step. */
export interface StepText {
  /** Weights of the auxiliary outputs' losses. */
  readonly auxiliary: readonly number[];
  /** Whether `penalty(model)` is added to the loss. */
  readonly penalty: boolean;
  /** Whether the optimizer clips gradients. */
  readonly clipped: boolean;
}

/**
 * Keras 3's fit() does not run under MultiWorkerMirroredStrategy, so the loop is written out. Its optimizers add up the
 * gradients of all replicas themselves (keras/src/backend/tensorflow/optimizer.py, `_all_reduce_sum_gradients`, 3.15): added
 * up before as well, they would count twice.
 */
export const stepLines = ({ auxiliary, penalty, clipped }: StepText): string => {
  const several = auxiliary.length > 0;
  const losses = several
    ? String.raw`            loss = 0.0
            for answer, share in zip(outputs, OUTPUT_WEIGHTS):
                loss += share * tf.reduce_sum(losses_of(labels, answer) * weights) / total`
    : String.raw`            loss = tf.reduce_sum(losses_of(labels, outputs) * weights) / total`;
  const answer = several ? 'outputs[0]' : 'outputs';
  return String.raw`class Training:
    """A network and its optimizer on one device or many. What steps measure comes back as sums."""

    def __init__(self, strategy):
        self.strategy = strategy
        self.replicas = strategy.num_replicas_in_sync
        with strategy.scope():
            self.model = network.build(synchronized=self.replicas > 1)
            self.optimizer = make_optimizer(${clipped ? 'self.replicas' : ''})
            self.optimizer.build(self.model.trainable_variables)
            self.model.compile(optimizer=self.optimizer, loss=LOSS)

    def set_rate(self, rate):
        if rate is not None:
            self.optimizer.learning_rate = rate

    @property
    def rate(self):
        return float(self.optimizer.learning_rate.numpy())

    @tf.function
    def train_step(self, batch):
        return self._added(self._train_replica, batch)

    @tf.function
    def evaluation_step(self, batch):
        return self._added(self._evaluate_replica, batch)

    def _added(self, step, batch):
        """Keras 3's fit() does not run on several machines: each replica computes its part, and parts are added."""
        parts = self.strategy.run(step, args=batch)
        return self.strategy.reduce(tf.distribute.ReduceOp.SUM, parts, axis=None)

    def _train_replica(self, pixels, labels, weights, total):
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            outputs = self.model(tf.cast(pixels, tf.float32), training=True)
            # Divided by the images of all replicas, whatever their weights.
${losses}${penalty ? '\n            loss += penalty(self.model) / self.replicas' : ''}
        gradients = tape.gradient(loss, variables)
${
  clipped
    ? `        context = tf.distribute.get_replica_context()
        whole = context.all_reduce(tf.distribute.ReduceOp.SUM, gradients)
        gradients = [each / self.replicas for each in whole]
`
    : ''
}        # Keras' optimizers add up the gradients of all replicas.
        self.optimizer.apply_gradients(zip(gradients, variables))
        return sums_of(loss * total, labels, ${answer})

    def _evaluate_replica(self, pixels, labels, weights, total):
        outputs = self.model(tf.cast(pixels, tf.float32), training=False)
${losses.replace(/^ {4}/gm, '')}${penalty ? '\n        loss += penalty(self.model) / self.replicas' : ''}
        return sums_of(loss * total, labels, ${answer})`;
};

export const figureLines = String.raw`def sums_of(loss, labels, outputs):
    """Loss and right answers, how many images there were, and what the metrics want."""
    right = tf.equal(tf.argmax(outputs, axis=-1, output_type=tf.int32), labels)
    shown = [loss, tf.reduce_sum(tf.cast(right, tf.float32)), tf.cast(tf.size(labels), tf.float32)]
    statistics = [metric.statistics(labels, outputs) for metric in METRICS]
    return tf.concat([tf.stack(shown), *statistics], axis=0)


def figures_of(sums):
    """Means over images, by name, from the sums of steps."""
    total = np.sum(sums, axis=0, dtype=np.float64)
    images, at = total[2], 3
    figures = {"loss": total[0] / images, "accuracy": total[1] / images}
    for metric in METRICS:
        figures[metric.name] = metric.value(total[at : at + metric.size], images)
        at += metric.size
    return {name: float(value) for name, value in figures.items()}`;

export const measureLines = String.raw`def measure(training, split, size, steps=None):
    """Loss, accuracy and metrics over a split, or over its first batches."""
    batches = images.evaluation_batches(training.strategy, split, size)
    count = -(-len(split) // size)
    count = count if steps is None else min(count, steps)
    batches = iter(batches)
    return figures_of([training.evaluation_step(next(batches)).numpy() for _ in range(count)])`;

export const stateLines = String.raw`def load_state(training, callbacks, path):
    """Network, optimizer and callbacks as they were. Returns where to go on: epoch and step, from 0."""
    about = path.with_suffix(".json")
    if not about.exists():  # a file of another program: its weights alone
        training.model.load_weights(path)
        return INITIAL_EPOCH, 0
    place = json.loads(about.read_text())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a file without the optimizer's state
        training.model.load_weights(path)
    if place["optimizer"] != bool(training.optimizer.iterations.numpy()):
        raise SystemExit(f"{path} has another optimizer than this program.")
    training.set_rate(place["learning_rate"])
    for callback in callbacks:
        for name, value in place["callbacks"].get(type(callback).__name__, {}).items():
            setattr(callback, name, value)
        best = path.with_name("best.keras")
        if getattr(callback, "restore_best_weights", False) and best.exists():
            callback.best_weights = keras.models.load_model(best, compile=False).get_weights()
    return place["epoch"], place["step"]


def save_state(training, callbacks, path, epoch):
    """Under its name only when whole: a program that is killed loses no more than an epoch."""
    kept = ("best", "best_epoch", "wait", "cooldown_counter")
    place = {
        "epoch": epoch,
        "step": 0,
        "optimizer": True,
        "learning_rate": training.rate,
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
    path.with_suffix(".json").write_text(json.dumps(place, indent=2))`;

export const checkLines = String.raw`def check():
    """Are the answers those of Heatlens? Both are asked about the same images."""
    model = network.build()
    for path in sorted((HERE / "weights").glob("*.keras")):
        asked = np.load(path.with_name(f"{path.stem}-check.npz"))
        model.load_weights(path)
        outputs = model(asked["images"].astype("float32"), training=False)
        answers = np.asarray(probabilities_of(outputs[0] if isinstance(outputs, list) else outputs))
        apart = float(np.abs(answers - asked["probabilities"]).max())
        same = int(np.sum(answers.argmax(1) == asked["probabilities"].argmax(1)))
        print(f"{path.name}: largest difference of a probability {apart:.1e}; ", end="")
        print(f"{same} of {len(answers)} images with the same class")
        if apart > 1e-4:
            raise SystemExit("These are other answers than those of Heatlens.")`;
