// The import table of ARCHITECTURE.md. What a row does not allow is forbidden.

/** Engine rooms in order: each may import those before it. */
const rooms = ['backend', 'graph', 'project', 'data', 'model', 'training', 'predict', 'evaluate', 'explain', 'video'];

const contract = '^preload/contract/';
const strings = '^assets/strings/';
const engine = '^main/engine/';
const npm = (/** @type {string[]} */ ...names) => names.map((name) => `(^|/)node_modules/${name}(/|$)`);
const node = '^(node:)?[a-z_/]+$';

/** Packages that run in a page. */
const pagePackages = npm(
  'svelte',
  'bits-ui',
  'paneforge',
  'svelte-sonner',
  'virtua',
  '@lucide/svelte',
  '@dagrejs/dagre',
  'chart\\.js',
  'chartjs-plugin-zoom',
  'intl-messageformat',
  '@internationalized/date',
  '@orpc/(client|contract)',
  'zod',
);

/** A row of the table: files under `from` may import only `to`; packages are named where a room is not free to choose. */
const row = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: to },
});

const anyPackage = '(^|/)node_modules/';
const styles = '\\.css$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'Nothing is imported that is not there.',
      from: {},
      to: { couldNotResolve: true },
    },
    row('contract', contract, [contract, ...npm('zod', '@orpc/(client|contract|server)')], 'The contract is pure.'),
    row('preload', '^preload/index\\.ts$', [contract, '^electron$', ...npm('electron')], 'The bridge is tiny.'),
    row(
      'engine',
      engine,
      [engine, contract, strings, '^assets/imagenet/', anyPackage, node],
      'The engine knows neither hosts nor page.',
    ),
    row('link', '^main/link/', ['^main/link/', contract, anyPackage, node]),
    row('bench', '^main/bench/', ['^main/bench/', engine, contract, anyPackage, node]),
    row('shell', '^main/shell/', ['^main/(shell|link)/', contract, strings, anyPackage, node]),
    row('serve', '^main/serve/', ['^main/(serve|link)/', contract, strings, anyPackage, node]),
    row('cli', '^main/cli/', ['^main/(cli|link)/', contract, strings, anyPackage, node]),
    row('ui', '^renderer/ui/', ['^renderer/ui/', contract, ...pagePackages], 'Parts of the page know no state.'),
    row('page-link', '^renderer/link/', ['^renderer/link/', contract, ...pagePackages]),
    row('state', '^renderer/state/', ['^renderer/(state|link|ui)/', contract, strings, ...pagePackages]),
    row('features', '^renderer/features/', ['^renderer/(features|state|link|ui)/', contract, strings, ...pagePackages]),
    row('app', '^renderer/app/', ['^renderer/', contract, strings, '^assets/', styles, ...pagePackages]),
    {
      name: 'features-apart',
      severity: 'error',
      comment: 'Features do not import each other.',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'electron',
      severity: 'error',
      comment: 'Electron is known to the shell, to the preload and to one file of link.',
      from: { pathNot: ['^main/shell/', '^main/link/utility-process\\.ts$', '^preload/index\\.ts$', '^test/e2e/'] },
      to: { path: ['^electron$', ...npm('electron')] },
    },
    {
      name: 'tensorflow',
      severity: 'error',
      comment: 'TensorFlow.js comes from #engine/backend/tensors.ts.',
      from: { pathNot: ['^main/engine/backend/', '^test/'] },
      to: { path: npm('@tensorflow') },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { pathNot: ['^test/', '^(vitest|playwright)\\.config\\.ts$'] },
      to: { path: ['^test/', ...npm('vitest', '@playwright', '@vitest')] },
    },
    {
      name: 'not-to-entry',
      severity: 'error',
      comment: 'Nothing imports what a process starts with.',
      from: { pathNot: '^test/' },
      to: { path: '^(main/(engine|shell|cli)/index\\.ts|renderer/app/main\\.ts)$' },
    },
    row('scripts', '^scripts/', ['^scripts/', node], 'Scripts run before anything is installed: Node built-ins only.'),
    row(
      'packaging',
      '^packaging/',
      ['^packaging/', '^scripts/', anyPackage, node],
      'Packs what is built; knows no source.',
    ),
    ...rooms
      .map((room, place) => ({
        name: `engine-${room}`,
        severity: 'error',
        comment: `main/engine/${room} may import only rooms before it: ${rooms.slice(0, place).join(', ') || 'none'}.`,
        from: { path: `^main/engine/${room}/` },
        to: { path: `^main/engine/(${rooms.slice(place + 1).join('|')}|index\\.ts)(/|$)` },
      }))
      .slice(0, -1),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^out/'] },
    exclude: { path: ['^out/', '\\?(raw|url|worker|inline)$'] },
    tsPreCompilationDeps: true,
    extraExtensionsToScan: ['.css'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'types', 'browser', 'import', 'node', 'require', 'default'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.svelte', '.css', '.d.ts'],
    },
  },
};
