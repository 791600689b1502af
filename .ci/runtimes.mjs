// The same bits everywhere: digests of a deterministic spectrum, and of a Hessian shared among threads, in Node 20-26, Deno, Bun, Chromium
// and Firefox; jobs of studies in threads in Node, Deno and Bun; and in the browsers what becomes of workers that fail, and the pages of the guide.
//
//   node .ci/runtimes.mjs [--update] [--only chromium,deno]      --update keeps what Node 20 says as what all must say
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser, openPage, startServer } from './browsers.mjs';
import { guideExamples } from './guideExamples.mjs';

/** kept by kind, as every runtime prints them */
const committed = { spectrum: '.ci/digest.json', sharded: '.ci/digestSharded.txt' };
const page = (task, policy) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>bits</title><meta http-equiv="Content-Security-Policy" content="${policy}">` +
  `</head><body data-task="${task}"><script type="module" src="/app/page.js"></script></body></html>`;
const pages = {
  '/page.html': page('all', "script-src 'self' 'wasm-unsafe-eval'"),
  // the page may not compile WebAssembly: its TypeScript twins compute beside the workers' WebAssembly
  '/strict.html': page('strict', "script-src 'self'"),
  '/forbidden.html': page('forbidden', "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'"),
};

// a worker that closes itself says nothing: silence is all that browsers offer
const expectedFaults = {
  throw: 'WorkerError fault',
  trap: 'WorkerError fault',
  exit: 'WorkerError hang',
  hang: 'WorkerError hang',
  syntax: 'WorkerError start',
  missing: 'WorkerError start',
  unhandled: [],
};

/** @returns one check per runtime and digest, and per browser and fault */
export async function compareRuntimes(root, { update = false, only } = {}) {
  const folder = join(root, '.ci', 'runtimes');
  const install = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (install.status !== 0) return [{ name: `install the runtimes: ${install.stderr}`, ok: false }];
  const modules = join(folder, 'node_modules');
  const script = join(root, '.ci', 'digest.mjs');
  const commands = {
    'node 20': [process.execPath, [script]],
    'node 22': [join(modules, 'node22/bin/node'), [script]],
    'node 24': [join(modules, 'node24/bin/node'), [script]],
    'node 26': [join(modules, 'node26/bin/node'), [script]],
    deno: [
      join(modules, '@deno/linux-x64-glibc/deno'),
      ['run', '--allow-read', '--allow-env', '--allow-sys', '--node-modules-dir=manual', script],
    ],
    bun: [join(modules, '@oven/bun-linux-x64/bin/bun'), ['run', script]],
  };
  const wanted = (name) => only === undefined || only.includes(name);
  const guide = await guideExamples(root);
  // beside packages that it can import by name
  const example = join(root, 'bench', '.guideExample.mjs');
  writeFileSync(example, guide.node);
  const digests = {};
  const examples = {};
  const studies = {};
  for (const [name, [command, args]] of Object.entries(commands).filter(([name]) => wanted(name))) {
    const run = (file) =>
      spawnSync(command, [...args.slice(0, -1), file], { cwd: root, encoding: 'utf8', timeout: 300_000 });
    const result = run(script);
    digests[name] = result.status === 0 ? JSON.parse(result.stdout) : { error: result.stderr || String(result.signal) };
    const { status, stderr } = run(example);
    examples[name] = status === 0 ? 'ran' : stderr;
    const jobs = run(join(root, '.ci', 'studyThreads.mjs'));
    studies[name] = jobs.status === 0 ? 'ran' : jobs.stderr;
  }
  rmSync(example);
  if (update) {
    for (const [kind, file] of Object.entries(committed))
      writeFileSync(join(root, file), `${digests['node 20'][kind]}\n`);
  }
  const expected = Object.fromEntries(
    Object.entries(committed).map(([kind, file]) => [kind, readFileSync(join(root, file), 'utf8').trim()]),
  );
  const checks = [];
  const compare = (name, found, wantedValue) => {
    const ok = JSON.stringify(found) === JSON.stringify(wantedValue);
    if (!ok) console.log(`${name}:\n${found ?? 'nothing'}\nexpected:\n${wantedValue}`);
    checks.push({ name, ok });
  };
  const compareBits = (name, { error, spectrum, sharded, shardedByUrl = sharded }) => {
    if (error !== undefined) console.log(`${name}: ${error}`);
    compare(`same bits in ${name}`, spectrum, expected.spectrum);
    compare(`same bits with 1, 2 and 3 threads in ${name}`, sharded, expected.sharded);
    if (shardedByUrl !== sharded) compare(`same bits with workers by URL in ${name}`, shardedByUrl, expected.sharded);
  };
  for (const [name, found] of Object.entries(digests)) compareBits(name, found);
  for (const [name, outcome] of Object.entries(examples))
    compare(`the guide's first example in ${name}`, outcome, 'ran');
  for (const [name, outcome] of Object.entries(studies))
    compare(`jobs of a study in threads in ${name}`, outcome, 'ran');

  const server = await startServer(root, { ...pages, ...guide.files });
  try {
    for (const browser of ['chromium', 'firefox-esr'].filter(wanted)) {
      const binary = findBrowser(browser);
      if (binary === undefined) {
        console.log(`${browser}: not installed and not to be had: SKIPPED`);
        continue;
      }
      const open = (path) => openPage(browser, binary, server, path).catch((error) => ({ error: String(error) }));
      const found = await open('/page.html');
      compareBits(browser, found);
      for (const [fault, outcome] of Object.entries(expectedFaults)) {
        compare(`${browser}, a worker with fault: ${fault}`, found.faults?.[fault], outcome);
      }
      const strict = await open('/strict.html');
      compare(`${browser}: no WebAssembly on the strict page`, strict.wasm, false);
      compare(`same bits without WebAssembly on the page in ${browser}`, strict.sharded, expected.sharded);
      const { forbidden } = await open('/forbidden.html');
      compare(`${browser}, workers forbidden by policy`, forbidden, 'WorkerError start');
      for (const path of guide.pages) {
        const { error, ...values } = await open(path);
        if (error !== undefined) console.log(`${path}: ${error}`);
        compare(`${browser} shows ${path} of the guide`, values, { ok: true });
      }
    }
  } finally {
    server.close();
  }
  return checks;
}

if (process.argv[1]?.endsWith('runtimes.mjs')) {
  const { values } = parseArgs({
    options: { update: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const checks = await compareRuntimes(process.cwd(), { update: values.update, only: values.only?.split(',') });
  for (const { name, ok } of checks) console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  process.exit(checks.every(({ ok }) => ok) ? 0 : 1);
}
