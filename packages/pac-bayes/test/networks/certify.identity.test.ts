import { AbortError, type Progress } from '@hyperribbon/contract';
import { evaluate, mlp, sgd } from '@hyperribbon/nn';
import {
  AssumptionError,
  clopperPearsonUpper,
  dataSplit,
  divergenceMoment,
  klInverseUpper,
} from '@hyperribbon/pac-bayes';
import {
  certifyPosterior,
  chooseScales,
  isotropicPrior,
  kroneckerPrior,
  networkCertificate,
  optimizeBound,
  posteriorErrors,
  priorStd,
} from '@hyperribbon/pac-bayes/networks';
import { describe, expect, it } from 'vitest';
import { blobs, normals, smallNet } from './small.js';

const { size } = smallNet;
const w0 = normals(size, 31, 0.5);
const posterior = {
  network: smallNet,
  mean: w0.map((w, i) => w + normals(size, 32, 0.3)[i]),
  std: normals(size, 33, 0.2).map((z) => 0.05 + Math.abs(z)),
};

describe('chooseScales', () => {
  const prior = isotropicPrior(smallNet, w0, { groups: 'layer', grid: { b: 10, c: 1 } });
  const chosen = chooseScales(prior, posterior, [1e-3, 0.9]);

  it('finds the best pair of the whole grid', () => {
    const best = { kl: Infinity, indices: [0, 0] };
    for (let a = 1; a < 80; a++) {
      for (let b = 1; b < 80; b++) {
        const std = priorStd(prior, [Math.exp(-a / 10), Math.exp(-b / 10)]);
        let kl = 4 * Math.log(a + b) + Math.log(Math.PI ** 2 / 6);
        for (let i = 0; i < size; i++) {
          const [q, s] = [posterior.std[i] ** 2, std[i] ** 2];
          kl += 0.5 * (q / s - 1 - Math.log(q / s) + (posterior.mean[i] - w0[i]) ** 2 / s);
        }
        if (kl < best.kl) Object.assign(best, { kl, indices: [a, b] });
      }
    }
    expect(chosen.indices).toEqual(best.indices);
    expect(Math.abs((chosen.kl.kl + chosen.union.nats) / best.kl - 1)).toBeLessThan(1e-12);
  });

  it('puts the scales on their grids and pays for every one of them', () => {
    chosen.indices.forEach((j, k) => {
      expect(Number.isInteger(j) && j >= 1).toBe(true);
      expect(Math.abs(chosen.variances[k] / Math.exp(-j / 10) - 1)).toBeLessThan(1e-14);
    });
    const [a, b] = chosen.indices;
    const price = 4 * Math.log(a + b) + Math.log(Math.PI ** 2 / 6);
    expect(chosen.union.nats).toBeGreaterThanOrEqual(price * (1 - 1e-15));
    expect(chosen.union.nats).toBeLessThan(price * (1 + 1e-14));
    expect(chosen.union.sound).toBe(true);
  });
});

describe('a fixed scale', () => {
  it('stays where it is, is not paid for, and is not optimised', async () => {
    const prior = isotropicPrior(smallNet, w0, { start: 0.02, fixed: true });
    const chosen = chooseScales(prior, posterior, [0.5]);
    expect(chosen.indices).toEqual([0]);
    expect(chosen.variances).toEqual([0.02]);
    expect(chosen.union.nats).toBe(0);
    const run = await optimizeBound(blobs(200), { prior, epochs: 3, batchSize: 40, dtype: 'float64' });
    expect(Math.abs(run.variances[0] / 0.02 - 1)).toBeLessThan(1e-14);
    const free = await optimizeBound(blobs(200), {
      prior: isotropicPrior(smallNet, w0, { start: 0.02 }),
      epochs: 3,
      batchSize: 40,
      dtype: 'float64',
    });
    expect(Math.abs(free.variances[0] / 0.02 - 1)).toBeGreaterThan(1e-3);
  });
});

describe('posteriorErrors', () => {
  const examples = blobs(37);

  it('gives every example a draw of its own in every pass', async () => {
    // one example, many times over: equal draws would make all mistakes or none
    const copies = blobs(64);
    for (let i = 1; i < 64; i++) (copies.inputs as Float64Array).copyWithin(4 * i, 0, 4);
    copies.labels.fill(0);
    const noisy = { ...posterior, std: posterior.std.map(() => 2) };
    const { perPass, errors, trials } = await posteriorErrors(noisy, copies, {
      passes: 30,
      batchSize: 16,
      dtype: 'float64',
    });
    const p = errors / trials;
    expect(p).toBeGreaterThan(0.2);
    expect(p).toBeLessThan(0.8);
    // the variance of a binomial count, not that of 64 equal trials; 30 counts tell it to ±26 %
    const mean = errors / 30;
    const variance = perPass.reduce((sum, k) => sum + (k - mean) ** 2, 0) / 29;
    expect(variance / (64 * p * (1 - p))).toBeGreaterThan(0.3);
    expect(variance / (64 * p * (1 - p))).toBeLessThan(2.2);
  });

  it('counts what evaluate counts when there is no noise', async () => {
    const still = { ...posterior, std: posterior.std.map(() => 1e-30) };
    const { errors, trials } = await posteriorErrors(still, examples, { passes: 3, batchSize: 10 });
    const { mistakes } = (await evaluate(smallNet, Float32Array.from(posterior.mean), examples)) as {
      mistakes: number;
    };
    expect(errors).toBe(3 * mistakes);
    expect(trials).toBe(3 * 37);
  });

  it('names its draws by seed and purpose', async () => {
    const count = async (options: object) =>
      (await posteriorErrors(posterior, examples, { passes: 20, ...options })).perPass.join();
    const first = await count({ seed: 1 });
    expect(await count({ seed: 1 })).toBe(first);
    expect(await count({ seed: 2 })).not.toBe(first);
    expect(await count({ seed: 1, purpose: 'posterior/other' })).not.toBe(first);
  });

  it('tells its progress in trials, and rejects when its signal aborts', async () => {
    const seen: Progress<{ readonly errors: number }>[] = [];
    const { errors } = await posteriorErrors(posterior, examples, { passes: 2, onProgress: (p) => seen.push(p) });
    expect(seen.at(-1)).toEqual({ done: 74, of: 74, detail: { errors } });
    let asked = 0;
    const signal = Object.defineProperty(new AbortController().signal, 'aborted', { get: () => asked++ >= 3 });
    const stopped = posteriorErrors(posterior, examples, { passes: 2, batchSize: 10, signal });
    await expect(stopped).rejects.toThrow('posteriorErrors: aborted by its signal');
    await expect(stopped).rejects.toBeInstanceOf(AbortError);
    expect(asked).toBeGreaterThanOrEqual(4);
  });

  it('refuses deviations that are not positive, and weights of another network', async () => {
    const zero = { ...posterior, std: posterior.std.map((s, i) => (i === 5 ? 0 : s)) };
    await expect(posteriorErrors(zero, examples)).rejects.toThrow(
      'posteriorErrors: needs positive and finite deviations in std: no covariance may be singular, got std[5]=0',
    );
    const short = { ...posterior, mean: posterior.mean.subarray(1) };
    await expect(posteriorErrors(short, examples)).rejects.toThrow(/^posteriorErrors: mean must hold/);
    const bad = { ...posterior, mean: posterior.mean.map((w, i) => (i === 2 ? Number.NaN : w)) };
    await expect(posteriorErrors(bad, examples)).rejects.toThrow(
      'posteriorErrors: needs finite weights in mean, got mean[2]=NaN',
    );
    for (const wrong of [zero, bad]) {
      await expect(posteriorErrors(wrong, examples)).rejects.toThrow(AssumptionError);
      const prior = isotropicPrior(smallNet, w0);
      await expect(certifyPosterior(wrong, examples, { prior, near: [0.05] })).rejects.toThrow(AssumptionError);
    }
    expect(() => isotropicPrior(smallNet, bad.mean)).toThrow(AssumptionError);
    // a start above its grid would be held at its end
    expect(() => isotropicPrior(smallNet, w0, { start: 5 })).toThrow(
      /start must be positive and at most c = 0\.1.*got 5/u,
    );
    expect(isotropicPrior(smallNet, w0, { start: 5, fixed: true }).scales[0].start).toBe(5);
    const few = certifyPosterior(posterior, blobs(7), { prior: isotropicPrior(smallNet, w0), near: [0.05] });
    await expect(few).rejects.toThrow('maurer: needs integer n >= 8, got n=7');
  });
});

describe('certifyPosterior', () => {
  it('is kl⁻¹ of the Monte-Carlo limit, with KL, price and both deltas paid', async () => {
    const examples = blobs(120);
    const prior = isotropicPrior(smallNet, w0);
    const found = await certifyPosterior(posterior, examples, { prior, near: [0.05], passes: 4 });
    const { errors, trials } = found.errors;
    expect(trials).toBe(480);
    const j = found.prior.indices[0];
    const lambda = 0.1 * Math.exp(-j / 100);
    let kl = 0;
    for (let i = 0; i < size; i++) {
      const [q, d] = [posterior.std[i] ** 2, posterior.mean[i] - w0[i]];
      kl += 0.5 * (q / lambda - 1 - Math.log(q / lambda) + (d * d) / lambda);
    }
    const penalty = 2 * Math.log(j) + Math.log(Math.PI ** 2 / 6) + Math.log((2 * Math.sqrt(120)) / 0.025);
    const limit = clopperPearsonUpper(errors, trials, 0.01);
    const expected = klInverseUpper(limit, (kl + penalty) / 120);
    expect(found.bound.value).toBeGreaterThanOrEqual(expected * (1 - 1e-12));
    expect(found.bound.value).toBeLessThan(expected * (1 + 1e-9));
    expect(found.bound.confidence).toBeCloseTo(0.965, 12);
    expect(found.plugIn).toBeLessThan(found.bound.value);
    for (const other of found.others) expect(other.certified).toBe(true);
  });

  it('has the same ingredients in every theorem, and as released scripts count them', async () => {
    const prior = isotropicPrior(smallNet, w0);
    const found = await certifyPosterior(posterior, blobs(120), { prior, near: [0.05], passes: 4 });
    const [{ errors, trials }, j, n, delta] = [found.errors, found.prior.indices[0], 120, 0.025];
    const kl = found.kl.kl;
    const price = 2 * Math.log(j) + Math.log(Math.PI ** 2 / 6);
    const catoni = (risk: number): number => {
      let least = Infinity;
      for (let i = 0; i < 15; i++) {
        const C = 0.25 * Math.SQRT2 ** i;
        const exponent = C * risk + (kl + price + Math.log(15 / delta)) / n;
        least = Math.min(least, (1 - Math.exp(-exponent)) / (1 - Math.exp(-C)));
      }
      return least;
    };
    const rate = (constant: number, count = n): number => (kl + price + Math.log(constant / delta)) / count;
    const maurer = rate(2 * Math.sqrt(n));
    const quadratic = (risk: number): number => (Math.sqrt(risk + maurer / 2) + Math.sqrt(maurer / 2)) ** 2;
    const expected: [string, (risk: number) => number][] = [
      ['PAC-Bayes-kl with its exact constant', (risk) => klInverseUpper(risk, rate(divergenceMoment(n)))],
      ['PAC-Bayes-kl, Langford-Seeger form', (risk) => klInverseUpper(risk, rate(n, n - 1))],
      ['McAllester, from the maurer form', (risk) => risk + Math.sqrt(maurer / 2)],
      ['Catoni', catoni],
      ['quadratic', quadratic],
      ['Thiemann lambda', quadratic],
    ];
    expect(found.others.map(({ theorem }) => theorem)).toEqual(expected.map(([name]) => name));
    found.others.forEach(({ value, plugIn }, i) => {
      const [, bound] = expected[i];
      expect(Math.abs(value / bound(found.monteCarlo.upper) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(plugIn / bound(errors / trials) - 1)).toBeLessThan(1e-9);
    });
    // T1, T2 and T3 at once: δ in place of 1/δ, the mean as if exact, a scale that is not rounded
    const scripts = kl + 2 * Math.log(2 * j) + Math.log((Math.PI ** 2 * n * delta) / 6);
    const released = klInverseUpper(errors / trials, scripts / (n - 1));
    expect(Math.abs(found.released!.value / released - 1)).toBeLessThan(1e-9);
    expect(found.released!.value).toBeLessThan(found.bound.value);
    expect([found.released!.certified, found.released!.caveats.join()]).toEqual([
      false,
      expect.stringMatching(/not a certificate/),
    ]);
    const fixed = isotropicPrior(smallNet, w0, { start: 0.02, fixed: true });
    expect((await certifyPosterior(posterior, blobs(120), { prior: fixed, near: [0.02] })).released).toBeUndefined();
  });

  it.each([
    {},
    { theorem: 'langford-seeger' },
    { theorem: 'maurer', chance: 0.3 },
    { theorem: 'langford-seeger', delta: 0.1, deltaMonteCarlo: 0.02, chance: 0.95 },
  ] as const)('and its certificate name one theorem, value, chance and account of deltas: %o', async (accounting) => {
    const prior = isotropicPrior(smallNet, w0);
    const drawn = { prior, near: [0.05], passes: 4 } as const;
    const bound = await certifyPosterior(posterior, blobs(120), { ...drawn, ...accounting });
    const whole = {
      name: 'bound',
      dataset: 'blobs',
      digest: 'd',
      indices: { kind: 'ranges', ranges: [[0, 120]] },
    } as const;
    const { claim, theorem } = networkCertificate({
      bound,
      posterior,
      prior,
      data: { bound: 'bound', splits: [dataSplit(whole)] },
      priorMean: { description: 'normal numbers', saw: [] },
      posteriorSaw: ['bound'],
      description: 'the prior moved',
    });
    expect(theorem.id).toBe('theorem' in accounting ? accounting.theorem : 'maurer');
    expect(theorem.title).toBe(bound.bound.theorem);
    // KL is summed once by weight and once by array
    expect(Math.abs(claim.bound / bound.bound.value - 1)).toBeLessThan(1e-12);
    expect(claim.vacuous).toBe(bound.bound.vacuous);
    expect(claim.chance).toBe('chance' in accounting ? accounting.chance : 1);
    expect(claim.confidence).toBeCloseTo(bound.bound.confidence, 14);
  });

  it('tells random labels from learnable ones', async () => {
    const examples = blobs(1500, { spread: 0.5 });
    const prior = isotropicPrior(smallNet, w0, { groups: 'layer' });
    const bound = async (labels: Int32Array) => {
      const data = { ...examples, labels };
      const run = await optimizeBound(data, { prior, epochs: 30, batchSize: 100, seed: 1 });
      return certifyPosterior(run.posterior, data, { prior, near: run.variances, passes: 20, chance: 2 / 3 });
    };
    const learnable = await bound(examples.labels);
    expect(learnable.bound.value).toBeLessThan(0.4);
    expect(learnable.bound.vacuous).toBe(false);
    const random = await bound(examples.labels.map((_, i) => (i * 7919 + (i >> 3)) % 3));
    expect(random.bound.vacuous).toBe(true);
    expect(random.bound.value).toBeGreaterThan(2 / 3);
  });
});

describe('optimizeBound', () => {
  const examples = blobs(200);
  const prior = kroneckerPrior(smallNet, w0, {
    layers: [
      { input: Float64Array.of(4, 2, 1, 0.5), output: Float64Array.of(1, 0.8, 0.6, 0.4, 0.2) },
      { input: Float64Array.of(3, 1, 0.5, 0.2, 0.1), output: Float64Array.of(0.4, 0.2, 0.1) },
    ],
  });
  const options = { prior, epochs: 6, batchSize: 40, seed: 4, dtype: 'float64', deterministic: true } as const;

  it('goes on where it stopped, to the same bits', async () => {
    const whole = await optimizeBound(examples, options);
    const controller = new AbortController();
    let steps = 0;
    const stopAfter = 13;
    const stopped = await optimizeBound(examples, {
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => {
        steps = done;
        if (done >= stopAfter) controller.abort();
      },
    });
    expect(stopped.reason).toBe('aborted');
    expect(stopped.checkpoint.step).toBe(steps);
    expect(steps).toBeLessThan(30);
    const resumed = await optimizeBound(examples, { ...options, resume: structuredClone(stopped.checkpoint) });
    expect(Array.from(resumed.posterior.mean)).toEqual(Array.from(whole.posterior.mean));
    expect(Array.from(resumed.posterior.std)).toEqual(Array.from(whole.posterior.std));
    expect(resumed.history).toEqual(whole.history);
    await expect(optimizeBound(examples, { ...options, seed: 5, resume: stopped.checkpoint })).rejects.toThrow(
      'optimizeBound: resume must have the seed of this run, 5, got 4',
    );
    // a name is only a label: what counts is the function
    const named = { ...prior, network: { ...prior.network, name: 'renamed' } };
    const again = await optimizeBound(examples, { ...options, prior: named, resume: stopped.checkpoint });
    expect(Array.from(again.posterior.mean)).toEqual(Array.from(whole.posterior.mean));
    const other = { ...prior, network: { ...mlp([4, 5, 3], { activation: 'relu' }), name: prior.network.name } };
    await expect(optimizeBound(examples, { ...options, prior: other, resume: stopped.checkpoint })).rejects.toThrow(
      /^optimizeBound: resume must have the network of this run, sha256:\w+, got sha256:\w+$/,
    );
  });

  it('refuses to go on with another optimiser or in another precision, and objectives that are none', async () => {
    const { checkpoint } = await optimizeBound(examples, { ...options, epochs: 1 });
    await expect(optimizeBound(examples, { ...options, optimizer: sgd(), resume: checkpoint })).rejects.toThrow(
      'optimizeBound: resume must have the optimiser of this run',
    );
    await expect(optimizeBound(examples, { ...options, dtype: 'float32', resume: checkpoint })).rejects.toThrow(
      'optimizeBound: resume must have the dtype of this run, float32, got float64',
    );
    await expect(optimizeBound(examples, { ...options, objective: 'mean' as never })).rejects.toThrow(
      "optimizeBound: objective must be one of 'classic'",
    );
  });

  it('lowers the bound that it reports', async () => {
    const { history } = await optimizeBound(examples, { ...options, epochs: 40 });
    expect(history.at(-1)!.estimate).toBeLessThan(history[0].estimate - 0.1);
  });

  it('stops at a step whose value is not finite and keeps the state before it', async () => {
    const run = await optimizeBound(examples, { ...options, initialStd: new Float64Array(size).fill(1e200) });
    expect(run.reason).toBe('non-finite-loss');
    expect(run.checkpoint.step).toBe(0);
  });
});
