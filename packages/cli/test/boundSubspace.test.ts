import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNpz, weightsFromNpz, writeNpz } from '@hyperribbon/data';
import { verifyCertificate, type Certificate } from '@hyperribbon/pac-bayes';
import { directionsDefect } from '@hyperribbon/linop/directions';
import { stream } from '@hyperribbon/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, scratchFolder } from './runCli.js';

const folder = scratchFolder();
const csv = join(folder, 'images.csv');
const size = 4 * 4;

beforeAll(() => {
  // images of 4 x 4: bright on the left or on the right
  const noise = stream({ seed: 2, purpose: 'test/bound-subspace' }).normal(new Float64Array(size * 1500));
  const lines = Array.from({ length: 1500 }, (_, i) => {
    const label = i % 2;
    const image = Array.from({ length: size }, (_, j) => {
      const bright = j % 4 < 2 === (label === 0) ? 1 : 0;
      return (bright + 0.4 * noise[size * i + j]).toFixed(4);
    });
    return `${image.join(',')},${label}`;
  });
  writeFileSync(csv, `${lines.join('\n')}\n`);
});

const common = ['--data', csv, '--architecture', 'allcnn:2,3:2:4,4,1', '--epochs', '8', '--batch-size', '40'];
const wide = ['--prior-variance', '0.05', '--initial-std', '0.3'];
const few = ['--directions', '10', '--curvature-examples', '60', '--networks', '400', '--learning-rate', '0.03'];
const read = (out: string) => JSON.parse(readFileSync(join(out, 'certificate.json'), 'utf8')) as Certificate;
const weightsIn = (out: string) => weightsFromNpz(readFileSync(join(out, 'posterior.npz')));

describe('hyperribbon bound on a convolutional network', () => {
  it.each([
    ['method2', 1, wide],
    ['method3', 1, wide],
    ['method4', 3, ['--epochs', '12']],
  ] as const)('certifies %s, with %i scales paid for', async (method, scales, more) => {
    const out = join(folder, method);
    const { code, stdout, stderr } = await runCli([
      'bound',
      ...common,
      ...few,
      ...more,
      '--method',
      method,
      '--out',
      out,
    ]);
    expect(stderr).toMatch(method === 'method3' ? /directions of the Hessian/u : /directions of the Fisher matrix/u);
    expect(code).toBe(0);
    expect(stdout).toMatch(/certified error/u);
    const { claim, risk, divergence, prior, posterior, data } = read(out);
    expect(claim.vacuous).toBe(false);
    expect(risk).toMatchObject({ kind: 'drawn', scheme: 'random-subset', units: 400, trials: 400 });
    expect(divergence.family).toBe('gaussian-low-rank');
    expect(divergence.orthonormality).toBeLessThan(1e-6);
    expect(prior.scales).toHaveLength(scales);
    // only Method 4's prior knows directions, and none of its inputs is the bound's
    expect(prior.basis?.saw).toEqual(method === 'method4' ? ['held-out'] : undefined);
    expect(posterior.saw).toEqual(method === 'method3' ? ['bound'] : ['bound', 'held-out']);
    expect(data.splits.map(({ name }) => name)).toEqual(['bound', 'held-out']);
    const directions = weightsIn(out).get('subspace.directions')!;
    expect(directions.shape[0]).toBe(10);
    expect(directionsDefect(directions.data, directions.shape[1])).toBeLessThan(1e-6);
  });

  it('stands when verify draws again, and is refused with a posterior that was tampered with', async () => {
    const out = join(folder, 'method4');
    const args = ['verify', join(out, 'certificate.json'), '--data', csv, '--model'];
    const verified = await runCli([...args, join(out, 'posterior.npz')]);
    expect(verified.stdout).toMatch(/fresh draws/u);
    expect(verified.code).toBe(0);
    const arrays = parseNpz(readFileSync(join(out, 'posterior.npz')));
    const std = arrays.get('posterior.std')!;
    const changed = { ...Object.fromEntries(arrays), 'posterior.std': { ...std, data: halved(std.data) } };
    const file = join(folder, 'changed.npz');
    writeFileSync(file, writeNpz(changed as never, { compress: false }));
    const { code, stdout } = await runCli([...args, file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/weights/u);
  });

  it('starts deviations where it is told: each rule gives another posterior', async () => {
    const found = [];
    for (const rule of ['eigenvalues', 'analytic']) {
      const out = join(folder, rule);
      const args = [
        'bound',
        ...common,
        ...few,
        // deviations from eigenvalues have a scale of their own
        ...(rule === 'eigenvalues' ? wide.slice(0, 2) : wide),
        '--method',
        'method2',
        '--epochs',
        '0',
        '--initial-variances',
        rule,
      ];
      expect((await runCli([...args, '--networks', '20', '--out', out])).code).toBe(0);
      found.push(Array.from(weightsIn(out).get('posterior.std')!.data));
      expect((await verifyCertificate(read(out))).reasons).toEqual([]);
    }
    const [eigenvalues, analytic] = found;
    expect(Math.abs(eigenvalues[10] / Math.sqrt(1 / 3000) - 1)).toBeLessThan(1e-6);
    // noisiest along the stiffest direction, or quietest
    expect(eigenvalues[0]).toBeGreaterThan(eigenvalues[9]);
    expect(analytic[0]).toBeLessThan(analytic[9]);
    expect(analytic[9]).toBeLessThan(analytic[10]);
    // a variance of 0.05 at the start, 0.3 of its deviation
    expect(Math.abs(analytic[10] / (0.3 * Math.sqrt(0.05)) - 1)).toBeLessThan(1e-6);
  });

  it.each([
    ['--directions', ['--architecture', 'mlp:tanh:4', '--method', 'method4', '--directions', '3']],
    ['--start-epochs', ['--method', 'method3', '--start-epochs', '0']],
  ])('names %s where it cannot be', async (option, args) => {
    const { code, stderr } = await runCli(['bound', ...common, ...args, '--out', join(folder, 'refused')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(option, 'u'));
  });
});

function halved<T extends { map(f: (x: number) => number): T }>(data: unknown): T {
  return (data as T).map((x) => x / 2);
}
