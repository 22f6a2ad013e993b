type Hole = string | number | readonly string[] | false | null | undefined;

/**
 * Python with holes. One that is alone on its line takes lines at its indentation, and none at all, the line with it, where
 * it is empty. The line breaks after the first and before the last backtick do not count.
 */
export function py({ raw }: TemplateStringsArray, ...holes: readonly Hole[]): string {
  let text = (raw[0] ?? '').replace(/^\n/, '');
  for (const [place, hole] of holes.entries()) {
    const given = Array.isArray(hole) ? hole.join('\n') : hole || hole === 0 ? String(hole) : '';
    const after = raw[place + 1] ?? '';
    const indent = /(?:^|\n)( *)$/.exec(text)?.[1];
    const alone = indent !== undefined && (after.startsWith('\n') || (after === '' && place === holes.length - 1));
    if (!alone) text += given + after;
    else if (given === '') text = text.slice(0, text.length - indent.length) + after.slice(1);
    else text = text.slice(0, text.length - indent.length) + given.replace(/^(?=[^\n])/gm, indent) + after;
  }
  return text.replace(/\n *$/, '');
}
