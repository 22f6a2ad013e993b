import { named, ratio } from './measure.mjs';

const mebibytes = (bytes) => (bytes > 0 ? `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB` : 'unknown');
const value = (number) => (number >= 100 ? Math.round(number).toLocaleString('en') : number.toPrecision(3));
const times = (number) => `${number.toFixed(2)}×`;

/** The rows of a case: side, median, spread, how much faster ours is, processor time of an image, peak memory. */
function rowsOf(result) {
  const { sides, missing } = result;
  const rows = Object.entries(sides).map(([side, { middle, least, most, processor, peak }]) => [
    named(side),
    value(middle),
    `${value(least)} … ${value(most)}`,
    side === 'ours' ? '' : times(ratio(result, side)),
    processor === null ? '' : `${value(processor * 1000)} ms`,
    mebibytes(peak),
  ]);
  const reasons = Object.entries(missing).map(([side, why]) => [
    named(side),
    `not measured: ${oneLine(why)}`,
    '',
    '',
    '',
    '',
  ]);
  return [...rows, ...reasons];
}

const oneLine = (text) => text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').slice(0, 200);

/** @returns {{ name: string, peer: string, wanted: number, got: number | null, met: boolean | null }[]} */
export function targetsOf(results) {
  return results.flatMap((result) =>
    Object.entries(result.case.targets).map(([peer, wanted]) => {
      const got = ratio(result, peer);
      return { name: result.case.name, peer, wanted, got, met: got === null ? null : got >= wanted };
    }),
  );
}

/** For `--json` and the command line's `bench`: shared/cli.md. */
export function jsonOf(results) {
  return results.flatMap((result) =>
    Object.keys(result.sides)
      .filter((peer) => peer !== 'ours')
      .map((peer) => ({
        name: `${result.case.name}/${peer}`,
        ours: result.sides.ours.middle,
        theirs: result.sides[peer].middle,
        ratio: ratio(result, peer),
        unit: result.case.unit,
      })),
  );
}

/** docs/bench.md. @param {{ machine: string[], command: string, date: string, rounds: number, quick: boolean }} about */
export function markdown(results, { machine, command, date, rounds, quick }) {
  const lines = [
    '# Bench',
    '',
    `Written by \`${command}\` on ${date}. Sides take turns, each in a process of its own, one at a time, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`,
    'after one that does not count; figures are medians, beside them the lowest and the highest round. "Heatlens is" is how',
    'many times as fast Heatlens is. Processor time is of all threads together, memory the most that was ever resident.',
    ...(quick ? ['', 'This was a `--quick` run: short rounds, for a look only.'] : []),
    '',
    ...machine.map((line) => `- ${line}`),
    '',
    ...targetLines(results),
  ];
  for (const result of results) {
    const { title, unit } = result.case;
    const unitName = unit === 's' ? 'seconds' : unit;
    const head = ['', unitName, 'spread', 'Heatlens is', 'processor / image', 'peak memory'];
    lines.push(`## ${title}`, '', ...table(head, rowsOf(result)), '');
    const { keras, ours } = result.sides;
    if (ours.facts.firstScreen) lines.push(`The first 32 pictures were there after ${ours.facts.firstScreen}.`, '');
    if (keras && 'jit' in keras.facts) {
      const which = keras.facts.jit ? 'with XLA (`jit_compile`), which was the faster' : 'without XLA';
      lines.push(`Keras ran ${which}; \`jit_compile="auto"\` was asked first.`, '');
    }
  }
  lines.push(
    '## What the sides do',
    '',
    '- **Heatlens**: the parts of a run (`makeSteps`, `BatchLoader`, every loss looked at) and of a prediction (`Inference`).',
    '- **stock tfjs-node**: TensorFlow.js’ own layers, gradients, optimizer, `fit` and `predictOnBatch` on the same addon and',
    '  the same TensorFlow. It has no weights for losses; auxiliary outputs count fully, which costs the same.',
    '- **Python Keras**: `fit` with accuracy as metric, and `predict_on_batch`, on arrays in memory.',
    '- Fine-tuning: Heatlens has what the frozen base says of each image on disk (`ReusedFeatures`) and writes the weights after',
    '  each round; Keras’ `fit` computes the base, frozen and in inference, in every step.',
    '- **Python Keras, GradientTape**: Grad-CAM as Keras’ own example writes it, pictures prepared beforehand, operation by',
    '  operation, and the same function in `tf.function`. Heatlens: `Explainer`, from bytes to maps and probabilities.',
    '- **A film**: Heatlens from the file to the film made, written and counted; its peak memory is without ffmpeg’s. The bound is',
    '  what the slowest of decoding, inference (frame to input to heat) and encoding (the frames that the app composes) takes',
    '  alone, or their processor time shared among the cores, whichever is more; composing is not in it. The Python script pipes',
    '  frames from ffmpeg, asks Keras frame by frame (GradientTape), and pipes them to ffmpeg.',
    '- **sharp alone**: each file read, turned, scaled and cropped; nothing checked, hashed, reported or written.',
    '- **onnxruntime**: the Keras network exported to ONNX, as many threads as the machine has.',
    '',
  );
  return lines.join('\n');
}

function targetLines(results) {
  const targets = targetsOf(results);
  if (targets.length === 0) return [];
  const rows = targets.map(({ name, peer, wanted, got, met }) => [
    name,
    named(peer),
    `≥ ${times(wanted)}`,
    got === null ? 'not measured' : times(got),
    met === null ? '' : met ? 'met' : 'not met',
  ]);
  return ['## Targets', '', ...table(['case', 'against', 'wanted', 'measured', ''], rows), ''];
}

function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)];
}
