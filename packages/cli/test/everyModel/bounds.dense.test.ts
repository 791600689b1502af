// Oracle: to first order in the noise the logits of a posterior N(w, diag s²) have the covariance J diag(s²) Jᵀ, however the noise enters. A bound that
// reparametrised weights which several positions share would have another. What is about classes refuses targets and tokens.
import { compile, float64, type Tensor } from '@hyperribbon/autodiff';
import { isArgumentError } from '@hyperribbon/contract';
import { type Examples, isTargeted, parameterSpecs, type ParameterTensors, unflatten } from '@hyperribbon/nn';
import { certifyPosterior, isotropicPrior, noisyForward, posteriorErrors } from '@hyperribbon/pac-bayes/networks';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { denseModel, distance } from './dense.js';
import { asked, type Model, models } from './models.js';

describe.each(models)('$name', (model) => {
  const { examples, noise } = model;
  const { network, params } = asked(model);
  const { classes, size, inputs: features } = network;
  const one = firstRow(model);
  const std = Float64Array.from(params, (_, k) => 0.1 + (k % 7) / 10);

  it(`takes noise as ${noise}: its logits have the covariance that their Jacobian says`, () => {
    const forward = noisyForward(network, { dtype: 'float64' });
    expect(forward.kind).toBe(noise);
    const shapes = forward.noiseShapes(1);
    const lengths = shapes.map((shape) => shape.reduce((total, length) => total * length, 1));
    const specs = parameterSpecs(network, 'float64');
    const run = compile(
      (m: ParameterTensors, s: ParameterTensors, x: Tensor, e: readonly Tensor[]) => forward.logits(m, s, x, e),
      [specs, specs, float64(1, features), shapes.map((shape) => float64(...shape))],
      { deterministic: true },
    );
    const e = lengths.map((length) => new Float64Array(length));
    const [mean, deviation] = [params, std].map((flat) => unflatten(network, flat)) as never[];
    const h = 1e-5;
    const covariance = new Float64Array(classes * classes);
    e.forEach((own) =>
      own.forEach((_, k) => {
        const [above, below] = [h, -h].map((by) => {
          own[k] = by;
          return Float64Array.from(run(mean, deviation, one.inputs, e as never) as Float64Array);
        });
        own[k] = 0;
        const slope = above.map((z, c) => (z - below[c]) / (2 * h));
        for (let cd = 0; cd < covariance.length; cd++)
          covariance[cd] += slope[Math.floor(cd / classes)] * slope[cd % classes];
      }),
    );
    const { J } = denseModel(network, params, one);
    // a small noise changes no sign: straight through binary weights goes a derivative, and nothing that is drawn
    const used = network.latent?.use(params) ?? params;
    const binary = (k: number): boolean => used[k] !== params[k];
    const expected = covariance.map((_, cd) => {
      const [c, d] = [Math.floor(cd / classes), cd % classes];
      let sum = 0;
      for (let k = 0; k < size; k++) if (!binary(k)) sum += std[k] ** 2 * J[c * size + k] * J[d * size + k];
      return sum;
    });
    expect(distance(covariance, expected)).toBeLessThan(1e-6);
    expect(distance(covariance.with(0, 1.01 * covariance[0]), expected)).toBeGreaterThan(1e-6);
  });

  it('refuses noise and bases that it cannot have', () => {
    if (noise === 'local') return;
    expect(() => noisyForward(network, { kind: 'local' })).toThrow("noisyForward: noise 'local' needs all weights");
    expect(() => noisyForward(network, { basis: { layers: [] } })).toThrow('noisyForward: a Kronecker basis');
  });

  it('is certified where its examples have classes, and refused with a typed error where they have tokens or targets', async () => {
    const posterior = { network, mean: params, std: std.map((s) => 0.05 * s) };
    const prior = isotropicPrior(network, params);
    if (isTargeted(examples)) {
      for (const attempt of [
        () => certifyPosterior(posterior, examples as never, { prior, near: [0.05] }),
        () => posteriorErrors(posterior, examples as never),
      ]) {
        const error: unknown = await attempt().catch((reason: unknown) => reason);
        expect(isArgumentError(error)).toBe(true);
        expect(String(error)).toMatch(/examples must have labels/);
      }
      return;
    }
    const count = 10;
    const more: Examples = {
      inputs: stream({ seed: 4, purpose: 'test/more' }).normal(new Float64Array(count * features)),
      labels: Int32Array.from({ length: count }, (_, i) => i % classes),
      count,
      features,
      classes,
    };
    const { bound, errors } = await certifyPosterior(posterior, more, { prior, near: [0.05], passes: 2 });
    expect(errors.trials).toBe(2 * count);
    expect(bound.value).toBeGreaterThanOrEqual(errors.errors / errors.trials);
    expect(bound.value).toBeLessThanOrEqual(1);
  });
});

function firstRow({ examples }: Model): Examples {
  const { features } = examples;
  const inputs = Float64Array.from(examples.inputs.subarray(0, features));
  return { inputs, labels: new Int32Array(1), count: 1, features, classes: 2 };
}
