// Oracle: labels that no network can foretell. Whatever is written how often, a bound below 50 % on them would be false.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateDigest, type Certificate } from '@hyperribbon/pac-bayes';
import { stream } from '@hyperribbon/random';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../inProcess.js';
import { scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const copies = join(folder, 'copies.csv');
const discrete = join(folder, 'discrete.csv');
const [sources, times] = [300, 20];

beforeAll(() => {
  const noise = stream({ seed: 8, purpose: 'test/copies' }).normal(new Float64Array(sources * 5));
  const coins = stream({ seed: 8, purpose: 'test/coins' });
  const source = Array.from({ length: sources }, (_, i) =>
    [...Array.from(noise.subarray(5 * i, 5 * i + 5), (x) => x.toFixed(6)), coins.integer(2)].join(','),
  );
  const order = stream({ seed: 8, purpose: 'test/order' }).permutation(sources * times);
  writeFileSync(copies, Array.from(order, (i) => source[i % sources]).join('\n'));
  // four inputs, 400 independent draws of them
  const draws = Array.from({ length: 400 }, () => [coins.integer(2), coins.integer(2)]);
  writeFileSync(discrete, draws.map(([a, b]) => `${a},${b},${a ^ b}`).join('\n'));
});

const certificateIn = (out: string): Certificate =>
  JSON.parse(readFileSync(join(out, 'certificate.json'), 'utf8')) as Certificate;
const learnt = ['--architecture', 'mlp:relu:100', '--prior-fraction', '0.5', '--epochs', '0', '--passes', '1'];

describe('rows that were written twenty times', () => {
  it('count once: noise is not certified by its copies', async () => {
    const out = join(folder, 'copies');
    const { code, stderr } = await inProcess([
      'bound',
      '--data',
      copies,
      ...learnt,
      '--prior-epochs',
      '60',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('5700 of 6000 rows repeat the input of another and were left out');
    const { claim, theorem, caveats } = certificateIn(out);
    // 300 less a sixth for testing, half of that
    expect(theorem.n).toBe(125);
    expect(claim.bound).toBeGreaterThan(0.5);
    expect(claim.vacuous).toBe(true);
    expect(caveats.join()).toContain('equal inputs count as one example');
    const verified = await inProcess([
      'verify',
      join(out, 'certificate.json'),
      '--model',
      join(out, 'posterior.npz'),
      '--data',
      copies,
    ]);
    expect(verified.stdout).toContain('✔ verified');
    expect(verified.code).toBe(0);
  });

  it('are certified where the user says that they are draws of their own, and the certificate says so', async () => {
    const out = join(folder, 'as-draws');
    const asked = ['--repeated-rows', 'independent', '--prior-epochs', '4', '--out', out];
    expect((await inProcess(['bound', '--data', copies, ...learnt, ...asked])).code).toBe(0);
    const { theorem, caveats } = certificateIn(out);
    expect(theorem.n).toBe(2500);
    // and is refused once it does not
    const silent = { ...certificateIn(out), caveats: [] };
    const file = join(out, 'silent.json');
    writeFileSync(file, JSON.stringify({ ...silent, digest: certificateDigest(silent) }));
    const refused = await inProcess(['verify', file, '--model', join(out, 'posterior.npz'), '--data', copies]);
    expect(refused.stdout).toMatch(/rows-repeated.*\n.*it does not say that 5700 of 6000 rows repeat/u);
    expect(refused.code).toBe(1);
    expect(caveats.join()).toContain('are taken for independent draws that agree');
    expect(
      (
        await inProcess([
          'verify',
          join(out, 'certificate.json'),
          '--model',
          join(out, 'posterior.npz'),
          '--data',
          copies,
        ])
      ).code,
    ).toBe(0);
  });

  it('say nothing of noise in training and analysis either: the test examples have no twin', async () => {
    const weights = join(folder, 'weights.npz');
    const trained = [
      '--architecture',
      'mlp:relu:100',
      '--epochs',
      '60',
      '--batch-size',
      '20',
      '--learning-rate',
      '0.01',
    ];
    const { stderr } = await inProcess(['train', '--data', copies, ...trained, '--out', weights]);
    const found = /error ([\d.]+) % on training, ([\d.]+) % on test/u.exec(stderr);
    const [training, test] = [Number(found?.[1]), Number(found?.[2])];
    expect(training).toBeLessThan(20);
    expect(test).toBeGreaterThan(30);
  });
});

describe('draws of a discrete distribution', () => {
  const asked = ['bound', '--data', discrete, '--architecture', 'mlp:tanh:4', '--epochs', '1', '--passes', '1'];

  it('leave too little as distinct inputs, and are told the option that takes them as they are', async () => {
    const { code, stderr } = await inProcess([...asked, '--out', join(folder, 'none')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /396 of 400 rows repeat the input of another, which leaves 4 distinct inputs.*--repeated-rows independent/su,
    );
  });

  it('are certified with it, and verified', async () => {
    const out = join(folder, 'discrete');
    expect((await inProcess([...asked, '--repeated-rows', 'independent', '--out', out])).code).toBe(0);
    expect(
      (
        await inProcess([
          'verify',
          join(out, 'certificate.json'),
          '--model',
          join(out, 'posterior.npz'),
          '--data',
          discrete,
        ])
      ).code,
    ).toBe(0);
  });
});
