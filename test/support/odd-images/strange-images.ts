import sharp, { type Sharp } from 'sharp';
import { bmp, patched, plainGif, pngChunk, withChunks } from './image-bytes.ts';
import { used, type OddImage, type Outcome } from './outcome.ts';
import { height, sample, samplePixels, samples, width } from './sample.ts';

/** Valid images of rare kinds: all are used. */
export async function strangeImages(): Promise<OddImage[]> {
  const rows: OddImage[] = [];
  const add = async (name: string, image: Sharp | Buffer, ...outcome: Parameters<typeof used>) => {
    const bytes = Buffer.isBuffer(image) ? image : await image.toBuffer();
    rows.push({ name, bytes, expected: [used(...outcome)] });
  };

  // Sizes
  for (const [across, down] of [
    [1, 1],
    [1, 2],
    [7, 1],
    [1, 5000],
    [5000, 1],
  ] as const) {
    const blank = () => sharp({ create: { width: across, height: down, channels: 3, background: '#5a3c28' } });
    await add(`${across}x${down}.jpg`, blank().jpeg());
    await add(`${across}x${down}.png`, blank().png());
    await add(`${across}x${down}.webp`, blank().webp());
    await add(`${across}x${down}.gif`, blank().gif());
    await add(`${across}x${down}.tif`, blank().tiff());
    await add(`${across}x${down}.bmp`, bmp({ width: across, height: down, bits: 24 }));
  }
  const tall = (across: number, down: number) =>
    sharp({ create: { width: across, height: down, channels: 3, background: '#5a3c28' } });
  await add('1x65535.png', tall(1, 65_535).png());
  await add('65535x1.png', tall(65_535, 1).png());
  await add('1x65500.jpg', tall(1, 65_500).jpeg());
  await add('1x65535.tif', tall(1, 65_535).tiff());
  await add('1x16383.webp', tall(1, 16_383).webp());

  // Orientations
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const odd = orientation === 1 ? [] : (['rotated'] as const);
    await add(`orientation-${orientation}.jpg`, sample().withMetadata({ orientation }).jpeg(), ...odd);
    await add(`orientation-${orientation}.png`, sample().withMetadata({ orientation }).png(), ...odd);
    await add(`orientation-${orientation}.webp`, sample().withMetadata({ orientation }).webp(), ...odd);
    await add(`orientation-${orientation}.tif`, sample().withMetadata({ orientation }).tiff(), ...odd);
  }
  const turned = await sample().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const exif = Buffer.from('Exif\0\0', 'latin1');
  await add(
    'exif-damaged.jpg',
    patched(turned, exif, (at, copy) => copy.fill(0xff, at + 10, at + 14)),
  );
  await add(
    'exif-empty.jpg',
    patched(turned, exif, (at, copy) => copy.fill(0, at + 6, at + 20)),
  );

  // Colours
  const { jpg, png } = await samples();
  const inks = await sample().toColourspace('cmyk').jpeg().toBuffer();
  await add('cmyk.jpg', inks, 'cmyk');
  await add('cmyk-profile.jpg', sample().withIccProfile('cmyk').jpeg(), 'cmyk');
  await add('cmyk.tif', sample().toColourspace('cmyk').tiff({ compression: 'lzw' }), 'cmyk');
  // Adobe's marker says how the four inks are stored: 2 is YCCK.
  await add(
    'ycck.jpg',
    patched(inks, Buffer.from('Adobe'), (at, copy) => copy.writeUInt8(2, at + 11)),
    'cmyk',
  );
  await add('wide-gamut.jpg', sample().withIccProfile('p3').jpeg());
  await add('wide-gamut.png', sample().withIccProfile('p3').png());
  await add('profile-of-nothing.png', withChunks(png, pngChunk('iCCP', Buffer.from('none\0\0broken', 'latin1'))));
  await add('gray.jpg', sample(1, 1).toColourspace('b-w').jpeg());
  await add('gray.png', sample(1, 1).toColourspace('b-w').png());
  await add('gray-alpha.png', sample(1, 2).png(), 'transparent');
  await add('alpha.png', sample(1, 4).png(), 'transparent');
  await add('alpha.webp', sample(1, 4).webp(), 'transparent');
  await add('alpha-lossless.webp', sample(1, 4).webp({ lossless: true }), 'transparent');
  await add('alpha.tif', sample(1, 4).tiff({ compression: 'lzw' }), 'transparent');
  await add('alpha.avif', sample(1, 4).avif({ effort: 0 }), 'transparent');
  await add('alpha.gif', sample(1, 4).gif(), 'transparent');
  await add('opaque-alpha.png', sample().ensureAlpha().png());
  await add('opaque-alpha.webp', sample().ensureAlpha().webp());
  await add('16-bit.png', sample().toColourspace('rgb16').png(), 'sixteen-bit');
  await add('16-bit-gray.png', sample(1, 1).toColourspace('grey16').png(), 'sixteen-bit');
  await add('16-bit-alpha.png', sample(1, 4).toColourspace('rgb16').png(), 'sixteen-bit', 'transparent');
  await add('16-bit.tif', sample().toColourspace('rgb16').tiff({ compression: 'lzw' }), 'sixteen-bit');
  await add('10-bit.avif', sample().avif({ effort: 0, bitdepth: 10 }), 'sixteen-bit');
  await add('palette.png', sample().png({ palette: true }));
  await add('palette-4.png', sample().png({ palette: true, colours: 4 }));
  await add('1-bit.png', sample(1, 1).threshold().png({ palette: true, colours: 2 }));
  await add('1-bit.tif', sample(1, 1).threshold().toColourspace('b-w').tiff({ bitdepth: 1, compression: 'ccittfax4' }));

  // Ways of storing
  await add('progressive.jpg', sample().jpeg({ progressive: true }));
  await add('no-subsampling.jpg', sample().jpeg({ chromaSubsampling: '4:4:4' }));
  await add('restarts.jpg', sample().jpeg({ mozjpeg: true, trellisQuantisation: true }));
  await add('interlaced.png', sample().png({ progressive: true }));
  await add('interlaced-alpha.png', sample(1, 4).png({ progressive: true }), 'transparent');
  for (const compression of ['none', 'lzw', 'deflate', 'packbits', 'jpeg', 'webp'] as const) {
    await add(`${compression}.tif`, sample().tiff({ compression, predictor: 'none' }));
  }
  await add('tiled.tif', sample().tiff({ tile: true, tileWidth: 16, tileHeight: 16 }));
  await add('pyramid.tif', sample().tiff({ tile: true, pyramid: true, tileWidth: 16, tileHeight: 16 }), 'animated');
  await add('lossless.webp', sample().webp({ lossless: true }));
  await add('near-lossless.webp', sample().webp({ nearLossless: true }));
  await add('plain.avif', sample().avif({ effort: 0 }));
  await add('lossless.avif', sample().avif({ effort: 0, lossless: true }));

  // More than one picture
  const frames = { raw: { width, height: height * 3, channels: 3, pageHeight: height } } as const;
  const film = () => sharp(Buffer.concat([1, 2, 3].map((seed) => samplePixels(seed))), frames);
  await add('animated.gif', film().gif(), 'animated');
  await add('animated.webp', film().webp(), 'animated');
  await add('many-frames.gif', plainGif(8, 8, 200), 'animated');
  await add('pages.tif', film().tiff(), 'animated');
  const frameHead = Buffer.alloc(26);
  frameHead.writeUInt32BE(width, 4);
  frameHead.writeUInt32BE(height, 8);
  const control = [pngChunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0])), pngChunk('fcTL', frameHead)];
  await add('animated.png', withChunks(png, ...control), 'animated');

  // Two things at once
  const archive = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
  await add('image-and-archive.jpg', Buffer.concat([jpg, archive]));
  await add('image-and-page.png', Buffer.concat([png, Buffer.from('<html><script>alert(1)</script></html>')]));
  await add(
    'image-with-drawing.jpg',
    Buffer.concat([jpg.subarray(0, 2), comment('<svg width="9" height="9"></svg>'), jpg.subarray(2)]),
  );
  await add('image-with-script.jpg', Buffer.concat([jpg.subarray(0, 2), comment('*/=alert(1)/*'), jpg.subarray(2)]));
  await add('two-images.jpg', Buffer.concat([jpg, jpg]));

  return [...rows, ...(await namedWrongly())];
}

function comment(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xfe, 0, text.length + 2]), Buffer.from(text)]);
}

/** Each format by the name of each other. */
async function namedWrongly(): Promise<OddImage[]> {
  const { 'progressive.jpg': _, ...valid } = await samples();
  const wrong: readonly Outcome[] = [used('wrong-name')];
  const rows = Object.entries(valid).flatMap(([format, bytes]) =>
    Object.keys(valid)
      .filter((ending) => ending !== format)
      .map((ending) => ({ name: `a-${format}.${ending}`, bytes, expected: wrong })),
  );
  const right = ['JPG', 'Jpeg', 'jfif'].map((ending) => ({
    name: `right.${ending}`,
    bytes: valid.jpg,
    expected: [used()],
  }));
  return [
    ...rows,
    ...right,
    { name: 'no-ending', bytes: valid.png, expected: [used()] },
    { name: 'named.txt', bytes: valid.png, expected: wrong },
  ];
}
