import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from '#test/support/source-files.ts';

const renderer = join(import.meta.dirname, '../../../../renderer');
const sources = sourceFiles(renderer, '.css', '.svelte', '.ts').map((name) => ({
  name,
  text: readFileSync(join(renderer, name), 'utf8'),
}));
const found = (pattern: RegExp) =>
  sources.flatMap(({ name, text }) => [...text.matchAll(pattern)].map((hit) => `${name}: ${hit[1] ?? hit[0]}`));

test('where reduced motion is asked for, one rule ends every animation and transition', () => {
  const base = readFileSync(join(renderer, 'ui/base.css'), 'utf8');
  const [, rule = ''] = /@media \(prefers-reduced-motion: reduce\) \{([\s\S]*)\}/.exec(base) ?? [];
  for (const property of ['animation-duration', 'animation-delay', 'transition-duration', 'transition-delay']) {
    expect(rule).toContain(`${property}: 0ms !important`);
  }
  expect(rule).toContain('animation-iteration-count: 1 !important');
  expect(rule).toMatch(/\*,\s*\*::before,\s*\*::after/);
});

test('transitions take their time from the token', () => {
  const transitions = found(/\btransition:\s*([^;]+);/g);
  expect(transitions.length).toBeGreaterThan(5);
  expect(transitions.filter((text) => !text.split(/,\s*/).every((part) => part.includes('var(--motion)')))).toEqual([]);
});

test('nothing moves by script, out of the rule’s reach', () => {
  expect(found(/from '(svelte\/(?:transition|motion|animate))'/g)).toEqual([]);
  expect(found(/behavior: '(smooth)'/g)).toEqual([]);
  expect(found(/\.(animate)\(/g)).toEqual([]);
  expect(found(/scroll-behavior: (smooth)/g)).toEqual([]);
  const charts = sources.filter(({ text }) => /new Chart\(/.test(text));
  expect(charts.length).toBeGreaterThan(0);
  expect(charts.filter(({ text }) => !/\banimation: false\b/.test(text)).map(({ name }) => name)).toEqual([]);
});
