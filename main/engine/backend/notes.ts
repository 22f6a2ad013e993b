import { IntlMessageFormat } from 'intl-messageformat';
import sentences from '#strings/en/engine-notes.json' with { type: 'json' };
import type { EngineNote } from '#contract/engine-status.ts';

export type NoteCode = keyof typeof sentences;

export function note(code: NoteCode, details: EngineNote['details'] = {}): EngineNote {
  return { code, details, message: String(new IntlMessageFormat(sentences[code], 'en').format(details)) };
}
