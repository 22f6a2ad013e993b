import type { FamousSet } from '#contract/data.ts';
import { officialBytes } from '../formats/cifar-files.ts';

export interface FamousFile {
  readonly name: string;
  readonly bytes: number;
  /** As its page publishes it. */
  readonly md5: string;
}

/** A set that its makers give away, and where. */
export interface FamousFacts extends Pick<FamousSet, 'id' | 'name' | 'images' | 'classes' | 'licence' | 'source'> {
  /** Folders on the web with the files, the first tried first. */
  readonly places: readonly string[];
  readonly files: readonly FamousFile[];
}

const toronto = 'https://www.cs.toronto.edu/~kriz/';
const noLicence = 'none stated; cite Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009';

export const famousSets: readonly FamousFacts[] = [
  {
    id: 'fashion-mnist',
    name: 'Fashion-MNIST',
    ...{ images: 70_000, classes: 10, licence: 'MIT, Zalando SE' },
    source: 'https://github.com/zalandoresearch/fashion-mnist',
    places: [
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ],
    files: [
      { name: 'train-images-idx3-ubyte.gz', bytes: 26_421_880, md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
      { name: 'train-labels-idx1-ubyte.gz', bytes: 29_515, md5: '25c81989df183df01b3e8a0aad5dffbe' },
      { name: 't10k-images-idx3-ubyte.gz', bytes: 4_422_102, md5: 'bef4ecab320f06d8554ea6380940ec79' },
      { name: 't10k-labels-idx1-ubyte.gz', bytes: 5_148, md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
    ],
  },
  {
    id: 'cifar10',
    name: 'CIFAR-10',
    ...{ images: 60_000, classes: 10, licence: noLicence, source: `${toronto}cifar.html`, places: [toronto] },
    files: [{ name: 'cifar-10-binary.tar.gz', bytes: officialBytes.cifar10, md5: 'c32a1d4ab5d03f1284b67883e8d87530' }],
  },
  {
    id: 'cifar100',
    name: 'CIFAR-100',
    ...{ images: 60_000, classes: 100, licence: noLicence, source: `${toronto}cifar.html`, places: [toronto] },
    files: [
      { name: 'cifar-100-binary.tar.gz', bytes: officialBytes.cifar100, md5: '03b5dce01913d631647c71ecec9e9cb8' },
    ],
  },
];
