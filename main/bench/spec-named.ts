import { findPreset, presets } from '#engine/model/presets.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { findDefinition } from '#engine/model/zoo/definitions.ts';

/** A preset of the app, or a model of the zoo. */
export function specNamed(id: string): NetworkSpec {
  return presets.some((preset) => preset.id === id) ? findPreset(id) : findDefinition(id).network();
}
