/** Arguments that Keras wants as floats, and refuses as whole numbers (`momentum: 0`). */
const floats: ReadonlySet<string> = new Set([
  ...['learning_rate', 'momentum', 'rho', 'beta_1', 'beta_2', 'epsilon', 'initial_accumulator_value', 'weight_decay'],
  ...['clipnorm', 'clipvalue', 'global_clipnorm', 'ema_momentum', 'delta', 'label_smoothing', 'rate', 'stddev'],
  ...['scale', 'offset', 'max_value', 'negative_slope', 'threshold', 'alpha', 'fill_value', 'minval', 'maxval'],
]);

/** JSON in which Python finds floats where Keras wants them: JavaScript would write 1.0 as 1. */
export function pythonJson(value: unknown, indent?: number): string {
  const mark = 'whole as a float ';
  return JSON.stringify(
    value,
    (key, each: unknown) =>
      floats.has(key) && typeof each === 'number' && Number.isInteger(each) ? `${mark}${each}` : each,
    indent,
  ).replaceAll(new RegExp(`"${mark}(-?[\\d]+)"`, 'g'), '$1.0');
}
