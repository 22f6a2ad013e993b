import { expect, test } from 'vitest';
import { py } from '#engine/predict/program/text/python.ts';

test.each([
  ['within a line', py`x = ${'a'} + ${0}`, 'x = a + 0'],
  ['nothing within a line', py`f(${''}${false}${null})`, 'f()'],
  [
    'several lines at their indentation, empty lines without any',
    py`
def f():
    ${['', 'a = 1', '', 'if a:', '    b = 2']}
    return a
`,
    'def f():\n\n    a = 1\n\n    if a:\n        b = 2\n    return a',
  ],
  [
    'a line that is not there',
    py`
def f():
    ${undefined}
    ${[]}
    return 1
    ${false}
`,
    'def f():\n    return 1',
  ],
  ['a line at the end', py`a\n`, 'a\\n'],
  [
    'lines that begin with a hole',
    py`
${false}
${'b'}
`,
    'b',
  ],
])('%s', (_, written, expected) => {
  expect(written).toBe(expected);
});
