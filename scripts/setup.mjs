// Installs a pinned pnpm's idea of node_modules and builds the packages: only what is missing, from the lockfile.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const stampFile = join(root, 'node_modules', '.hyperribbon-installed');

/** What node_modules must correspond to: the lockfile and every manifest. */
function installKey() {
  const hash = createHash('sha256').update(process.version.split('.')[0]);
  const manifests = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'package.json'));
  for (const file of [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'bench/package.json',
    ...manifests.sort(),
  ]) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function run(command, args, what) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (result.status !== 0) {
    console.error(`\nhyperribbon: ${what} failed (${command} ${args.join(' ')}). The lines above say why.`);
    process.exit(result.status ?? 1);
  }
}

/** Makes the checkout ready to run; quick when nothing has changed. Messages go to standard error. */
export function setup() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(
      `hyperribbon: needs Node 20.19 or newer, this is ${process.version}. Install a current Node and try again.`,
    );
    process.exit(2);
  }
  const key = installKey();
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== key) {
    console.error(`hyperribbon: installing packages with ${manifest.packageManager} (first run only)`);
    run(
      'npm',
      ['exec', '--yes', `--package=${manifest.packageManager}`, '--', 'pnpm', 'install', '--frozen-lockfile'],
      'installing',
    );
    writeFileSync(stampFile, key);
  }
  run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], 'building');
}
