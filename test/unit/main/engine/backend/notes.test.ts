import { describe, expect, test } from 'vitest';
import { note, type NoteCode } from '#engine/backend/notes.ts';
import en from '#strings/en/engine-notes.json' with { type: 'json' };
import zh from '#strings/zh/engine-notes.json' with { type: 'json' };

const facts = { version: '9.9.9', reason: 'out of luck', gpu: 'NVIDIA H200' };
const placeholders = (sentence: string) => [...sentence.matchAll(/\{(\w+)/g)].map(([, name]) => name).sort();

describe.each(Object.keys(en) as NoteCode[])('%s', (code) => {
  test('is a sentence with its facts, for the command line and the log', () => {
    const { message, details } = note(code, facts);
    expect(details).toBe(facts);
    expect(message).not.toMatch(/[{}]/);
    for (const name of placeholders(en[code])) expect(message).toContain(facts[name as keyof typeof facts]);
  });

  test('has the same facts in Chinese', () => {
    expect(placeholders(zh[code])).toEqual(placeholders(en[code]));
  });
});

test('both languages have the same notes', () => {
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
});
