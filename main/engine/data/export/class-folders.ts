/** Names that Windows keeps for devices, whatever their ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** Of a name in UTF-8; file systems end at 255. */
const mostBytes = 120;

/**
 * A folder name for each class that every file system takes, different even where case does not count: separators and
 * signs that Windows forbids become `_`.
 */
export function classFolders(classes: readonly string[]): string[] {
  const taken = new Set<string>();
  return classes.map((name, label) => {
    const plain = plainName(name) || `class ${label}`;
    let folder = plain;
    for (let number = 2; taken.has(folder.toLowerCase()); number++) folder = `${plain} (${number})`;
    taken.add(folder.toLowerCase());
    return folder;
  });
}

function plainName(name: string): string {
  const allowed = [...name.trim().normalize('NFC')].map((sign) => (forbidden(sign) ? '_' : sign)).join('');
  const short = cut(allowed)
    .replace(/^\.+/, '_')
    .replace(/[. ]+$/, '');
  return reserved.test(short) ? `_${short}` : short;
}

function forbidden(sign: string): boolean {
  const code = sign.codePointAt(0) ?? 0;
  return code < 0x20 || code === 0x7f || (code >= 0xd800 && code <= 0xdfff) || '/\\:*?"<>|'.includes(sign);
}

function cut(name: string): string {
  let short = '';
  for (const sign of name) {
    if (Buffer.byteLength(short + sign) > mostBytes) break;
    short += sign;
  }
  return short;
}
