// The same bits everywhere: the digest of a deterministic spectrum in Node 20-26, Deno, Bun, Chromium.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceFiles } from './referenceFiles.mjs';

const committed = '.ci/digest.json';

/** @returns one check per runtime */
export async function compareRuntimes(root, { update = false } = {}) {
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
  const digests = {};
  for (const [name, [command, args]] of Object.entries(commands)) {
    const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
    digests[name] = result.status === 0 ? result.stdout.trim() : `failed: ${result.stderr}`;
  }
  digests.chromium = await inChromium(root, modules).catch((error) => `failed: ${error.stack}`);
  const file = join(root, committed);
  if (update) writeFileSync(file, `${digests['node 20']}\n`);
  const expected = readFileSync(file, 'utf8').trim();
  return Object.entries(digests).map(([name, digest]) => {
    if (digest !== expected) console.log(`${name}:\n${digest}\nexpected:\n${expected}`);
    return { name: `same bits in ${name}`, ok: digest === expected };
  });
}

function chromium() {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((candidate) =>
    existsSync(candidate),
  );
  if (path !== undefined) return path;
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'ignore' });
  return '/usr/bin/chromium';
}

async function inChromium(root, modules) {
  const { build } = await import('esbuild');
  const { default: puppeteer } = await import(join(modules, 'puppeteer-core/lib/esm/puppeteer/puppeteer-core.js'));
  const bundle = await build({
    stdin: {
      contents: `import { spectrumDigest } from './spectrumDigest.mjs'; globalThis.spectrumDigest = spectrumDigest;`,
      resolveDir: join(root, '.ci'),
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    external: ['node:*'],
    write: false,
    logLevel: 'error',
  });
  const browser = await puppeteer.launch({
    executablePath: chromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0].text });
    const encoded = Object.fromEntries(
      Object.entries(referenceFiles).map(([name, path]) => [name, readFileSync(path).toString('base64')]),
    );
    return await page.evaluate(async (files) => {
      const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const bytes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, decode(text)]));
      return globalThis.spectrumDigest(bytes);
    }, encoded);
  } finally {
    await browser.close();
  }
}

if (process.argv[1]?.endsWith('runtimes.mjs')) {
  const root = process.cwd();
  for (const { name, ok } of await compareRuntimes(root, { update: process.argv.includes('--update') }))
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
}
