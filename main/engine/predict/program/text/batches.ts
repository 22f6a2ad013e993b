import { py } from './python.ts';

export interface BatchText {
  readonly augmented: boolean;
  /** In another order in every pass. */
  readonly shuffled: boolean;
  /** Whether each training image has a weight of its own. */
  readonly weighted: boolean;
}

/** The order of a pass. */
export const orderText = py`
def shuffled(count, seed, number):
    """The order of a pass over the images: the one that Heatlens takes for this seed and pass."""
    draw = sfc32(seed, number)
    order = list(range(count))
    for last in range(count - 1, 0, -1):  # Fisher and Yates
        end = 2**32 - 2**32 % (last + 1)  # numbers from the incomplete last stretch are drawn again
        drawn = next(draw)
        while drawn >= end:
            drawn = next(draw)
        other = drawn % (last + 1)
        order[last], order[other] = order[other], order[last]
    return np.array(order)


def sfc32(seed, stream):
    """Chris Doty-Humphrey's small fast counting generator (PractRand): whole numbers below 2**32."""
    mask = 0xFFFFFFFF
    a, b, c, counter = 0, seed & mask, stream & mask, 1
    thrown = 12
    while True:
        total = (a + b + counter) & mask
        counter = (counter + 1) & mask
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & mask
        c = ((((c << 21) | (c >> 11)) & mask) + total) & mask
        if thrown == 0:
            yield total
        else:
            thrown -= 1
`;

/** Batches for training and to measure with. */
export function batchText({ augmented, shuffled, weighted }: BatchText): string {
  const drawn = shuffled || augmented;
  const more = [...(weighted ? ['split.weights[shown]'] : []), ...(augmented ? ['number', 'shown'] : [])];
  const given = ['pixels', 'labels', 'counted', 'total', ...(weighted ? ['weights'] : [])].join(', ');
  return py`
def places_of_batches(count, size, ${shuffled && 'seed, '}first):
    """Pass and places of the images of each step, without end; so many steps are passed over."""
    number, at = divmod(first, -(-count // size))
    while True:
        number += 1
        order = ${shuffled ? 'shuffled(count, seed, number)' : 'np.arange(count)'}
        for start in range(at * size, count, size):
            yield number, order[start : start + size]
        at = 0


def training_batches(strategy, split, size, ${drawn && 'seed, '}first):
    """Batches without end, from the step "first" on. Every replica gets its part of each."""

    def batches(context):
        def parts():
            for ${augmented ? 'number' : '_'}, places in places_of_batches(len(split), size, ${shuffled && 'seed, '}first):
                for shown, counted in parts_of(places, context):
                    ${
                      more.length > 0
                        ? ['part = part_of(split, shown, counted, len(places))', `yield (*part, ${more.join(', ')})`]
                        : 'yield part_of(split, shown, counted, len(places))'
                    }

        ${
          augmented
            ? [
                'described = (',
                '    *SIGNATURE,',
                ...(weighted ? ['    WEIGHTS,'] : []),
                '    tf.TensorSpec((), tf.int32),  # number of the pass',
                '    tf.TensorSpec((None,), tf.int32),  # places of the images',
                ')',
                'made = tf.data.Dataset.from_generator(parts, output_signature=described)',
                'made = made.map(changed, num_parallel_calls=tf.data.AUTOTUNE)',
              ]
            : `made = tf.data.Dataset.from_generator(parts, output_signature=${weighted ? '(*SIGNATURE, WEIGHTS)' : 'SIGNATURE'})`
        }
        return made.prefetch(tf.data.AUTOTUNE)
    ${
      augmented && [
        '',
        `def changed(${given}, number, places):`,
        '    pixels = augment.images(pixels, seed, number, places)',
        `    return ${given}`,
      ]
    }

    return strategy.distribute_datasets_from_function(batches)


def evaluation_batches(strategy, split, size):
    """The split once, in its order${augmented && '; no image is changed'}."""

    def batches(context):
        def parts():
            for start in range(0, len(split), size):
                places = np.arange(start, min(start + size, len(split)))
                for shown, counted in parts_of(places, context):
                    yield part_of(split, shown, counted, len(places))

        made = tf.data.Dataset.from_generator(parts, output_signature=SIGNATURE)
        return made.prefetch(tf.data.AUTOTUNE)

    return strategy.distribute_datasets_from_function(batches)


# Pixels and labels; how many of these images count, and how many the batch has on all replicas.
SIGNATURE = (
    tf.TensorSpec((None, HEIGHT, WIDTH, CHANNELS), tf.uint8),
    tf.TensorSpec((None,), tf.int32),
    tf.TensorSpec((), tf.int32),
    tf.TensorSpec((), tf.float32),
)
${weighted && 'WEIGHTS = tf.TensorSpec((None,), tf.float32)'}


def parts_of(places, context):
    """The places of a batch that the replicas of this worker get, and how many of each count.

    Of a batch with fewer images than there are replicas some get none. They are shown its first, which does not
    count: not every layer takes an empty batch.
    """
    local = context.num_replicas_in_sync // context.num_input_pipelines
    first = context.input_pipeline_id * local
    for part in np.array_split(places, context.num_replicas_in_sync)[first : first + local]:
        yield (part if len(part) > 0 else places[:1]), len(part)


def part_of(split, shown, counted, total):
    return split.images[shown], split.labels[shown], counted, total
`;
}
