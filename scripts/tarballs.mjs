// `npm run tarballs -- FOLDER`: what would be published, as tarballs to install in a project of one's own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

/** Packs every package. @returns the tarball of each by its name, or what went wrong */
export function packAll(root, folder) {
  mkdirSync(folder, { recursive: true });
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const tarballs = {};
  for (const name of readdirSync(join(root, 'packages'))) {
    const cwd = join(root, 'packages', name);
    const pack = ['pnpm', 'pack', '--pack-destination', folder, '--json'];
    const packed = spawnSync('npm', ['exec', '--yes', `--package=${packageManager}`, '--', ...pack], {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    if (packed.status !== 0) return { error: `pack ${name}: ${packed.stderr}` };
    const { name: full, filename } = JSON.parse(packed.stdout);
    tarballs[full] = filename;
  }
  return { tarballs };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? 'tarballs');
  setup();
  const { error, tarballs } = packAll(dirname(dirname(fileURLToPath(import.meta.url))), folder);
  if (error !== undefined) {
    console.error(error);
    process.exit(1);
  }
  console.log(`${Object.keys(tarballs).length} packages; in a project of yours: npm install ${join(folder, '*.tgz')}`);
}
