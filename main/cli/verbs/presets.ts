import { table, whole } from '../output.ts';
import { acts, verb, type Verb } from '../options.ts';
import { withScratch } from '../scratch.ts';

export const presetsVerb: Verb = (surroundings, ended) =>
  acts(verb('presets', 'List the networks that can be trained.'), surroundings, ended, async (task) => {
    const { engine } = await withScratch(task);
    const presets = await engine.model.presets();
    const value = presets.map(({ id, name, input, parameters, source }) => ({ id, name, input, parameters, source }));
    const rows = value.map((preset) => [
      preset.id,
      preset.name,
      preset.input.join('×'),
      whole(preset.parameters),
      preset.source,
    ]);
    return { value, text: () => table(['id', 'name', 'input', 'parameters', 'source'], rows) };
  });
