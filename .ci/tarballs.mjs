// Installs the tarballs into an empty project, as a user would.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns a check per package: it can be imported from the installed tarball, and the command line answers */
export function installFromTarballs(scratch, tarballs) {
  const project = join(scratch, 'project');
  const overrides = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]));
  const install = installInto(project, overrides);
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
  checks.push(solverAlone(join(scratch, 'solver'), overrides));
  return checks;
}

/** An empty project with the given packages as its dependencies, installed. */
function installInto(project, dependencies) {
  mkdirSync(project);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'consumer', type: 'module', private: true, dependencies, overrides: dependencies }),
  );
  return spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: project,
    encoding: 'utf8',
  });
}

/** The solver with the packages it names and nothing else: all of its entry points work. */
function solverAlone(project, overrides) {
  const own = ['lanczos', 'linop', 'contract', 'kernels', 'random'].map((name) => `@hyperribbon/${name}`);
  const install = installInto(project, Object.fromEntries(own.map((name) => [name, overrides[name]])));
  if (install.status !== 0) return { name: `install the solver alone: ${install.stderr}`, ok: false };
  const script = `
    import { eigsh } from '@hyperribbon/lanczos';
    import { spectralDensity } from '@hyperribbon/lanczos/density';
    import { estimateTrace } from '@hyperribbon/lanczos/trace';
    import { svds } from '@hyperribbon/lanczos/svd';
    import { diagonal, fromDenseRectangular, verifyOperator } from '@hyperribbon/linop';
    const A = diagonal(Float64Array.from({ length: 2000 }, (_, i) => i / 2000));
    const { values, converged } = await eigsh(A, { k: 3 });
    const { value } = await estimateTrace(A, { samples: 4 });
    const count = (await spectralDensity(A, { steps: 20, probes: 2 })).count(-1, 2).value;
    const singular = (await svds(fromDenseRectangular(Float64Array.of(3, 0, 0, 4), 2, 2), { k: 1 })).values[0];
    const { passed } = await verifyOperator(A);
    const near = (a, b) => Math.abs(a - b) < 1e-6;
    if (!(converged && passed && near(values[0], 0.9995) && near(value, 999.5) && near(count, 2000) && near(singular, 4)))
      throw new Error(JSON.stringify({ values, converged, value, count, singular, passed }));
  `;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: project, encoding: 'utf8' });
  const present = readdirSync(join(project, 'node_modules', '@hyperribbon')).length;
  return {
    name: `the solver alone works from its ${present} packages${result.status === 0 ? '' : `: ${result.stderr}`}`,
    ok: result.status === 0 && present === own.length,
  };
}
