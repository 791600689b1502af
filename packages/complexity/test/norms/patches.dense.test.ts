// Oracle: what the rows of the written-out matrices read, where no weight is zero: patches and their norms by that definition.
import { unflatten } from '@hyperribbon/nn';
import { stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';
import { convolutionMatrix, sampleNorms } from '../../src/index.js';
import { type ChainLayer } from '../../src/norms/chainLayer.js';
import { chainOf } from '../../src/norms/chain.js';
import { expectNear } from '../near.js';

const normal = (length: number, seed: number): Float64Array =>
  stream({ seed, purpose: 'test/weights' }).normal(new Float64Array(length));

const network = stack({
  input: [2, 5, 4],
  layers: [
    { kind: 'conv2d', name: 'first', out: 4, kernel: 3, padding: 1, stride: 2 },
    { kind: 'relu' },
    { kind: 'conv2d', name: 'second', out: 6, kernel: 2, groups: 2 },
    { kind: 'relu' },
    { kind: 'flatten' },
    { kind: 'linear', name: 'head', out: 3 },
  ],
});
const params = normal(network.size, 1);
const [first, second, head] = chainOf('test', network, params).layers as readonly [ChainLayer, ChainLayer, ChainLayer];
const [count, features] = [7, 40];
const inputs = normal(count * features, 2);
const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
const examples = { inputs, labels, count, features, classes: 3 };

/** x of example i with channels last, as matrices read it */
const image = (i: number): Float64Array =>
  Float64Array.from({ length: features }, (_, k) => inputs[i * features + (k % 2) * 20 + Math.floor(k / 2)]);

interface Applied {
  readonly outputs: Float64Array;
  /** of every output what it reads */
  readonly patches: Float64Array;
}

function applied(layer: ChainLayer, x: Float64Array): Applied {
  const M = convolutionMatrix({ ...layer, geometry: layer.convolution! });
  const rows = M.length / x.length;
  const [outputs, patches] = [new Float64Array(rows), new Float64Array(rows)];
  for (let r = 0; r < rows; r++) {
    let squares = 0;
    for (let c = 0; c < x.length; c++) {
      outputs[r] += M[r * x.length + c] * x[c];
      if (M[r * x.length + c] !== 0) squares += x[c] ** 2;
    }
    outputs[r] = Math.max(0, outputs[r] + layer.bias[r % layer.rows]);
    patches[r] = Math.sqrt(squares);
  }
  return { outputs, patches };
}

const all = Array.from({ length: count }, (_, i) => {
  const below = applied(first, image(i));
  return { below, above: applied(second, below.outputs) };
});

describe('sampleNorms', () => {
  it('has the largest patch of every layer, groups apart', async () => {
    for (const chunkSize of [3, 100]) {
      const { largestPatches } = await sampleNorms(network, params, examples, { chunkSize });
      expectNear(largestPatches[0], Math.max(...all.flatMap(({ below }) => [...below.patches])), 1e-13);
      expectNear(largestPatches[1], Math.max(...all.flatMap(({ above }) => [...above.patches])), 1e-13);
      expectNear(largestPatches[2], Math.max(...all.map(({ above }) => Math.hypot(...above.outputs))), 1e-13);
    }
  });

  it('has the largest Σ_i ‖patch_j(x_i)‖² over places j, which is less than ‖X‖_F²', async () => {
    const { patchFrobenius, frobenius } = await sampleNorms(network, params, examples, { chunkSize: 2 });
    const sums = all[0].below.patches.map((_, r) => all.reduce((sum, { below }) => sum + below.patches[r] ** 2, 0));
    expectNear(patchFrobenius, Math.sqrt(Math.max(...sums)), 1e-13);
    expect(patchFrobenius).toBeLessThan(frobenius);
  });

  it('has the margins and outputs of the network', async () => {
    const { margins, largestOutput } = await sampleNorms(network, params, examples);
    const { 'head.weight': W, 'head.bias': b } = unflatten(network, params);
    const logits = all.map(({ above: { outputs: h } }) => {
      // the head reads by channel, then by place
      const places = h.length / second.rows;
      const flat = Float64Array.from(h, (_, k) => h[(k % places) * second.rows + Math.floor(k / places)]);
      return [0, 1, 2].map((o) => flat.reduce((sum, x, k) => sum + x * W[k * 3 + o], b[o]));
    });
    logits.forEach((row, i) => {
      const others = row.filter((_, o) => o !== labels[i]);
      expectNear(margins[i], row[labels[i]] - Math.max(...others), 1e-11);
    });
    expectNear(largestOutput, Math.max(...logits.map((row) => Math.hypot(...row))), 1e-13);
    expect(head.columns).toBe(all[0].above.outputs.length);
  });

  it('scales with its inputs, from 1e-150 to 1e150, where there are no biases', async () => {
    const linear = stack({ input: [3], layers: [{ kind: 'linear', name: 'W', out: 2, bias: false }] });
    const W = normal(6, 3);
    const x = normal(12, 4);
    const of = (scale: number) =>
      sampleNorms(linear, W, {
        inputs: x.map((y) => y * scale),
        labels: Int32Array.of(0, 1, 0, 1),
        count: 4,
        features: 3,
        classes: 2,
      });
    const plain = await of(1);
    for (const scale of [1e150, 1e-150]) {
      const scaled = await of(scale);
      for (const name of ['radius', 'frobenius', 'largestEntry', 'largestOutput', 'patchFrobenius'] as const)
        expectNear(scaled[name] / scale, plain[name], 1e-13);
      expectNear(scaled.largestPatches[0] / scale, plain.largestPatches[0], 1e-13);
      scaled.margins.forEach((margin, i) => expectNear(margin / scale, plain.margins[i], 1e-12));
    }
    const zero = await of(0);
    expect([zero.radius, zero.frobenius, zero.patchFrobenius, zero.largestOutput, ...zero.margins]).toEqual(
      [0, 0, 0, 0, 0, 0, 0, 0].map(() => 0),
    );
  });

  it('takes the sign of a single output for its margin', async () => {
    const linear = stack({ input: [1], layers: [{ kind: 'linear', name: 'W', out: 1, bias: false }] });
    const labels = Int32Array.of(0, 1, 0);
    const two = { inputs: Float64Array.of(2, 3, -4), labels, count: 3, features: 1, classes: 2 };
    expect([...(await sampleNorms(linear, Float64Array.of(2), two)).margins]).toEqual([-4, 6, 8]);
  });
});
