/** The keys of the player, after those of mpv, YouTube and editors of films. */
export const playerKeys = {
  play: ' ',
  previous: ',',
  next: '.',
  back: 'ArrowLeft',
  forward: 'ArrowRight',
  first: 'Home',
  last: 'End',
  changeBefore: '[',
  changeAfter: ']',
  from: 'I',
  to: 'O',
  loop: 'L',
  sound: 'M',
  slower: '<',
  faster: '>',
} as const;
