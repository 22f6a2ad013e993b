import type { ExportOptions, KnownModel, PixelTreatment, WrittenFormat } from '#contract/models.ts';

/** What the program is about. */
export interface SnippetParts {
  readonly model: Pick<KnownModel, 'height' | 'width' | 'channels' | 'pixels' | 'fit'>;
  readonly options: Pick<ExportOptions, 'format' | 'path' | 'pixels'>;
}

/** A whole program that loads the file and names what is on a photo: Python, or JavaScript for the browser's format. */
export function snippet({ model, options }: SnippetParts): string {
  if (options.format === 'tfjs') return browser(model, options);
  const treatment: PixelTreatment =
    options.pixels === 'beside' || options.format === 'h5-weights' ? model.pixels : { kind: 'none' };
  const file = `file = ${JSON.stringify(options.path)}`;
  const seen = options.format === 'architecture' ? [] : [...photo(model), ...prepared(treatment), ''];
  const lines = [...imports(options.format), '', file, ...seen];
  return [...lines, ...answer(options.format), ''].join('\n');
}

function imports(format: WrittenFormat): string[] {
  const more: Partial<Record<WrittenFormat, string[]>> = {
    keras: ['import json, zipfile', '', 'import keras'],
    h5: ['import json', '', 'import h5py', 'import keras'],
    'saved-model': ['import tensorflow as tf'],
    onnx: ['import onnxruntime'],
    tflite: ['import tensorflow as tf'],
  };
  const photos = ['import numpy as np', 'from PIL import Image, ImageOps'];
  return [...(more[format] ?? ['import keras']), ...(format === 'architecture' ? [] : photos)];
}

function photo({ height, width, channels, fit }: SnippetParts['model']): string[] {
  const mode = channels === 1 ? 'L' : 'RGB';
  const size = `(${width}, ${height})`;
  const fitted = { crop: `ImageOps.fit(photo, ${size})`, pad: `ImageOps.pad(photo, ${size})` };
  const brought = fit === 'stretch' ? `photo.resize(${size})` : fitted[fit];
  return [
    `photo = Image.open("photo.jpg").convert("${mode}")`,
    `photo = ${brought}`,
    `pixels = np.asarray(photo, "float32").reshape(1, ${height}, ${width}, ${channels})  # 0…255`,
  ];
}

function prepared(pixels: PixelTreatment): string[] {
  switch (pixels.kind) {
    case 'none':
      return [];
    case 'divide-255':
      return ['pixels = pixels / 255'];
    case 'minus-one-to-one':
      return ['pixels = pixels / 127.5 - 1'];
    case 'lite':
      return ['pixels = (pixels - 127) / 128'];
    case 'caffe':
      return ['pixels = pixels[..., ::-1] - [103.939, 116.779, 123.68]  # BGR'];
    case 'torch':
      return ['pixels = (pixels / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]'];
    case 'standardize': {
      const list = (values: readonly number[]) => `[${values.map((value) => Number(value.toPrecision(7))).join(', ')}]`;
      return [`pixels = (pixels - ${list(pixels.mean)}) / (np.array(${list(pixels.deviation)}) + 1e-6)`];
    }
  }
}

function answer(format: WrittenFormat): string[] {
  const shown = 'for index in answer.argsort()[::-1][:5]:';
  const numbered = [shown, '    print(index, answer[index])'];
  const named = [shown, '    print(classes[index], answer[index])'];
  const labels = 'classes = [each["label"] for each in heatlens["classes"]]';
  switch (format) {
    case 'keras':
      return [
        'model = keras.models.load_model(file)',
        'heatlens = json.loads(zipfile.ZipFile(file).read("heatlens.json"))',
        labels,
        'answer = model.predict(pixels)[0]',
        ...named,
      ];
    case 'h5':
      return [
        'model = keras.models.load_model(file)',
        'heatlens = json.loads(h5py.File(file).attrs["heatlens"])',
        labels,
        'answer = model.predict(pixels)[0]',
        ...named,
      ];
    case 'h5-weights':
      return [
        'model = keras.models.model_from_json(open("architecture.json").read())  # exported beside',
        'model.load_weights(file)',
        'answer = model.predict(pixels)[0]',
        ...numbered,
      ];
    case 'architecture':
      return ['model = keras.models.model_from_json(open(file).read())  # without weights', 'model.summary()'];
    case 'saved-model':
      return [
        'model = tf.saved_model.load(file).signatures["serving_default"]',
        'name = next(iter(model.structured_input_signature[1]))',
        'answer = next(iter(model(**{name: tf.constant(pixels, tf.float32)}).values()))[0].numpy()',
        ...numbered,
      ];
    case 'onnx':
      return [
        'session = onnxruntime.InferenceSession(file)',
        'answer = session.run(None, {session.get_inputs()[0].name: pixels.astype("float32")})[0][0]',
        ...numbered,
      ];
    case 'tflite':
      return [
        'model = tf.lite.Interpreter(model_path=file)',
        'model.allocate_tensors()',
        'model.set_tensor(model.get_input_details()[0]["index"], pixels.astype("float32"))',
        'model.invoke()',
        'answer = model.get_tensor(model.get_output_details()[0]["index"])[0]',
        ...numbered,
      ];
    case 'tfjs':
      return [];
  }
}

function browser({ height, width, channels }: SnippetParts['model'], { path }: SnippetParts['options']): string {
  const name = path.split(/[\\/]/).at(-1) ?? 'model';
  return [
    '// Serve the folder beside the page; @tensorflow/tfjs is loaded as `tf`.',
    `const model = await tf.loadLayersModel(${JSON.stringify(`${name}/model.json`)});`,
    "const photo = document.querySelector('img');",
    'const answer = tf.tidy(() => {',
    `  const pixels = tf.browser.fromPixels(photo, ${channels}).toFloat();`,
    `  return model.predict(tf.image.resizeBilinear(pixels, [${height}, ${width}]).expandDims(0)).dataSync();`,
    '});',
    'console.log(model.getUserDefinedMetadata().heatlens.classes[answer.indexOf(Math.max(...answer))]);',
    '',
  ].join('\n');
}
