import { describe, expect, test } from 'vitest';
import { FileProblem } from '#engine/model/formats/file-problem.ts';
import { jsonObject, safeJson } from '#engine/model/formats/safe-json.ts';

test.each([
  ['{"a": [1, {"b": "{\\"a\\": 1}"}], "c": {"a": 2}}'],
  ['[]'],
  ['"__proto__"'],
  ['{"text": "a \\\\", "constructors": [true, null, -1.5e3]}'],
])('%s is what JSON says', (text) => {
  expect(safeJson(text, 'it')).toEqual(JSON.parse(text));
});

describe.each([
  ['{"__proto__": {}}', 'refused', 'uses the name __proto__'],
  ['{"a": [{"\\u0063onstructor" : 1}]}', 'refused', 'uses the name constructor'],
  ['{"a": 1, "b": {"a": 1}, "a": 2}', 'refused', 'says a twice'],
  [`${'['.repeat(101)}${']'.repeat(101)}`, 'refused', 'nested too deeply'],
  [`${'{"a":'.repeat(1_000_000)}`, 'refused', 'nested too deeply'],
  ['{"a": NaN}', 'damaged', 'not JSON'],
  ['{"a": "', 'damaged', 'not JSON'],
  ['{"\\u00"', 'damaged', 'not JSON'],
])('%.40s', (text, kind, reason) => {
  test(`is ${kind}: ${reason}`, () => {
    const problem = (() => {
      try {
        return safeJson(text, 'it');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(problem).toBeInstanceOf(FileProblem);
    expect(problem).toMatchObject({ kind, message: expect.stringContaining(reason) as string });
  });
});

test('a list is no object', () => {
  expect(() => jsonObject('[1]', 'config.json')).toThrow('config.json is not an object');
});
