// Pages in Chromium and Firefox, headless, as a user would start them: the page posts what it found to a server of ours.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { bundle } from './bundle.mjs';
import { referenceFiles } from './referenceFiles.mjs';

const candidates = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  'firefox-esr': ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
};

/** The browser's binary, installed from the distribution where it is missing; undefined where that is not possible. */
export function findBrowser(name) {
  const find = () => candidates[name].find((path) => existsSync(path));
  if (find() === undefined) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { stdio: 'ignore' });
  }
  return find();
}

function argumentsOf(name, profile, url) {
  if (name === 'firefox-esr') return ['--headless', '--no-remote', '--profile', profile, url];
  return [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    url,
  ];
}

/** Opens a page of `server` and resolves to what it posts. */
export async function openPage(name, binary, server, path, seconds = 120) {
  const profile = mkdtempSync(join(tmpdir(), 'hyperribbon-browser-'));
  const answered = server.nextResult();
  // a process group of its own: browsers leave children behind
  const child = spawn(binary, argumentsOf(name, profile, `${server.origin}${path}`), {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOME: profile },
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${path} in ${name} said nothing in ${seconds} s`)), 1000 * seconds);
    child.on('error', reject);
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it ended by itself
    }
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

// (module (func (export "run") unreachable))
const trap =
  'new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,7,1,3,114,117,110,0,0,10,5,1,3,0,0,11))).exports.run();';
/** What happens in a worker when a product is asked for. */
const planted = {
  throw: "throw new RangeError('planted');",
  trap,
  exit: 'self.close(); event.stopImmediatePropagation();',
  hang: 'for (;;);',
};

/**
 * Serves pages, a bundle of browserPage.mjs and one of the worker, data, packages under /node_modules, and workers that
 * fail the first time they are fetched.
 *
 * @param pages path → text of HTML or JavaScript
 */
export async function startServer(root, pages) {
  const scripts = {
    '/app/page.js': (await bundle({ entryPoints: [join(root, '.ci/browserPage.mjs')] })).text,
    '/dist/shardWorker.js': (await bundle({ entryPoints: [join(root, 'packages/curvature/dist/shardWorker.js')] }))
      .text,
  };
  const waiting = [];
  const failed = new Set();
  const faulty = (fault) => {
    const sound = scripts['/dist/shardWorker.js'];
    if (failed.has(fault)) return sound;
    failed.add(fault);
    if (fault === 'missing') return undefined;
    if (fault === 'syntax') return 'this is not a script';
    return `self.addEventListener('message', (event) => { if (event.data.type === 'products') { ${planted[fault]} } });\n${sound}`;
  };
  const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript' };
  const find = (path) => {
    if (path in pages) return [types[extname(path)], pages[path]];
    if (path in scripts) return ['text/javascript', scripts[path]];
    const fault = /^\/faults\/(\w+)\.js$/.exec(path)?.[1];
    if (fault !== undefined) return ['text/javascript', faulty(fault)];
    const file = /^\/files\/(\w+)$/.exec(path)?.[1];
    if (file in referenceFiles) return ['application/octet-stream', readFileSync(referenceFiles[file])];
    const inPackage = /^\/node_modules\/@hyperribbon\/([a-z-]+\/dist\/[\w./-]+)$/.exec(path)?.[1];
    if (inPackage !== undefined && !inPackage.includes('..')) {
      const source = join(root, 'packages', inPackage);
      if (existsSync(source)) return [types[extname(source)] ?? 'text/plain', readFileSync(source)];
    }
    return ['', undefined];
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (request.method === 'POST' && pathname === '/result') {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (part) => (text += part));
      request.on('end', () => {
        response.end();
        waiting.shift()?.(JSON.parse(text));
      });
      return;
    }
    const [type, body] = find(pathname);
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    nextResult: () => {
      failed.clear();
      return new Promise((resolve) => waiting.push(resolve));
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
