// Gate P5 at full scale: 20,000 random sets and 20,000 samples of the reference class, with a seed of your choice.
//
//   node packages/pac-bayes/test/soak/soak.mjs [seed] [sets]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [seed = '1', sets = '20000'] = process.argv.slice(2);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const files = ['randomSets.identity', 'simulation.identity'].map((name) => `packages/pac-bayes/test/${name}.test.ts`);
const { status } = spawnSync('npx', ['vitest', 'run', ...files, '--testTimeout=1800000'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, HYPERRIBBON_SOAK_SETS: sets, HYPERRIBBON_SOAK_SEED: seed },
});
process.exit(status ?? 1);
