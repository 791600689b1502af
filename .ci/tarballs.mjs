// Packs every package and installs the tarballs into an empty project, as a user would.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns a check per package: it can be imported from the installed tarball, and the command line answers */
export function installFromTarballs(root, scratch) {
  const tarballs = join(scratch, 'tarballs');
  const project = join(scratch, 'project');
  mkdirSync(tarballs);
  mkdirSync(project);
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = readdirSync(join(root, 'packages'));
  const overrides = {};
  for (const name of names) {
    const folder = join(root, 'packages', name);
    const packed = spawnSync(
      'npm',
      ['exec', '--yes', `--package=${packageManager}`, '--', 'pnpm', 'pack', '--pack-destination', tarballs],
      { cwd: folder, encoding: 'utf8' },
    );
    if (packed.status !== 0) return [{ name: `pack ${name}: ${packed.stderr}`, ok: false }];
  }
  const files = readdirSync(tarballs);
  for (const name of names) {
    const full = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')).name;
    const file = files.find((f) => f.startsWith(`${full.replace('@', '').replace('/', '-')}-0`));
    overrides[full] = `file:${join(tarballs, file)}`;
  }
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'consumer', type: 'module', private: true, dependencies: overrides, overrides }),
  );
  const install = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: project,
    encoding: 'utf8',
  });
  if (install.status !== 0) return [{ name: `install tarballs: ${install.stderr}`, ok: false }];
  const checks = Object.keys(overrides).map((full) => {
    const script = `const m = await import('${full}'); if (Object.keys(m).length === 0) throw new Error('no exports');`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: project,
      encoding: 'utf8',
    });
    return {
      name: `installed ${full} imports${result.status === 0 ? '' : `: ${result.stderr}`}`,
      ok: result.status === 0,
    };
  });
  const help = spawnSync(join(project, 'node_modules', '.bin', 'hyperribbon'), ['--help'], { encoding: 'utf8' });
  checks.push({ name: 'installed hyperribbon --help', ok: help.status === 0 && help.stdout.includes('analyze') });
  return checks;
}
