/**
 * Networks of PyTorch against PyTorch: logits, gradient, Hessian and Gauss-Newton products. Small ones are in golden/torch; with
 * TORCH_EXPORTS=DIR those of full size that docs/studies/onnx/exportModels.py wrote there are compared too.
 */
import { compile, float64, grad, int32, mean, type Tensor } from '@hyperribbon/autodiff';
import { gaussNewton, hessian } from '@hyperribbon/curvature';
import { parseNpz, type NumericArray } from '@hyperribbon/data';
import {
  type AnyExamples,
  logits,
  type Network,
  sizeOf,
  softmaxCrossEntropy,
  tokenCrossEntropy,
  unflatten,
  weightsByName,
} from '@hyperribbon/nn';
import { onnxNetwork, onnxOf } from '@hyperribbon/onnx';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Entry {
  readonly torch: string;
  readonly onnx: string;
  readonly transposed: boolean;
  readonly shape: readonly number[];
}
interface Model {
  readonly name: string;
  readonly opset: number;
  readonly parameters: readonly Entry[];
  readonly parameters64?: readonly Entry[];
}

const small = new URL('./golden/torch/', import.meta.url).pathname;
const { TORCH_EXPORTS: full = '' } = process.env;
/** Where networks of full size are compared, what is found is shown. */
const tell = (line: string): void => void (full !== '' && process.stdout.write(`${line}\n`));
const modelsOf = (folder: string): readonly Model[] =>
  (JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8')) as { models: readonly Model[] }).models;

/** Numbers in [−1, 1): the hash of exportModels.py. */
function direction(seed: number, size: number): Float64Array {
  const start = Math.imul(seed, 0x9e3779b9);
  return Float64Array.from({ length: size }, (_, i) => {
    let x = (i + start) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 31 - 1;
  });
}

const norm = (x: Float64Array): number => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);

/** What the golden file holds of a vector: all of it, or its norm and projections. */
function kept(vector: Float64Array, like: Float64Array): Float64Array {
  if (like.length === vector.length) return vector;
  const rows = Array.from({ length: like.length - 1 }, (_, j) => dot(direction(1000 + j, vector.length), vector));
  return Float64Array.of(norm(vector), ...rows);
}

/** ‖x − y‖ / ‖y‖ */
function distance(x: Float64Array, y: Float64Array): number {
  return norm(x.map((value, i) => value - y[i])) / norm(y);
}

/** Where each weight of a network is among PyTorch's, which are in the order of its parameters; −1 for a constant that is none of them. */
function placesOf({ parameters, size }: Network, entries: readonly Entry[]): Int32Array {
  const places = new Int32Array(size).fill(-1);
  let start = 0;
  for (const { onnx, transposed, shape } of entries) {
    const [rows, columns] = shape;
    let at = 0;
    for (const { name, shape: own } of parameters) {
      if (name === onnx)
        for (let k = 0; k < sizeOf(own); k++)
          places[at + k] = start + (transposed ? (k % rows) * columns + Math.floor(k / rows) : k);
      at += sizeOf(own);
    }
    start += sizeOf(shape);
  }
  return places;
}

/** A model, its network in float64, and what PyTorch says of it. */
function loaded(folder: string, { name, parameters, parameters64 }: Model) {
  const arrays = parseNpz(readFileSync(join(folder, `${name}.npz`)));
  const array = (key: string): NumericArray => arrays.get(key)!;
  const numbers = (key: string): Float64Array => Float64Array.from(array(key).data, Number);
  const [wideFile, plainFile] = ['.f64.onnx', '.onnx'].map((ending) => join(folder, name + ending));
  const wide = onnxNetwork(readFileSync(existsSync(wideFile) ? wideFile : plainFile));
  const plain = existsSync(plainFile) ? onnxNetwork(readFileSync(plainFile)) : wide;
  const { network } = wide;
  const places = placesOf(network, (existsSync(wideFile) && parameters64) || parameters);
  const [count] = array('x').shape;
  const labels = Int32Array.from(array('labels').data, Number);
  const positions = network.vocabulary === undefined ? undefined : array('labels').shape[1];
  const shared = { inputs: numbers('x'), count, features: network.inputs };
  const examples: AnyExamples =
    positions === undefined
      ? { ...shared, labels, classes: network.classes }
      : { ...shared, targets: Float64Array.from(labels), outputs: positions };
  const loss = positions === undefined ? softmaxCrossEntropy : tokenCrossEntropy({ positions });
  return { network, params: Float64Array.from(wide.params), plain, places, examples, loss, numbers };
}

/** ∇ of the mean loss over the examples. */
function gradientOf({ network, params, examples, loss }: ReturnType<typeof loaded>): Float64Array {
  const total = (weights: readonly Tensor[], x: Tensor, answers: Tensor): Tensor =>
    mean(loss(network.apply(weightsByName(network, weights), x), answers));
  const specs = network.parameters.map(({ shape }) => float64(...shape));
  const { count, inputs } = examples;
  const [answers, spec] =
    'labels' in examples ? [examples.labels, int32(count)] : [examples.targets, float64(count, examples.outputs)];
  const run = compile(grad(total), [specs, float64(count, network.inputs), spec] as never) as unknown as (
    ...args: readonly unknown[]
  ) => readonly Float64Array[];
  const parts = run(Object.values(unflatten(network, params)), inputs, answers);
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}

function compare(folder: string, model: Model): void {
  let found: ReturnType<typeof loaded> | undefined;
  const read = (): ReturnType<typeof loaded> => (found ??= loaded(folder, model));

  /** That a vector over the network's weights is PyTorch's. */
  function expectSame(own: Float64Array, key: string): void {
    const { places, numbers } = read();
    const golden = numbers(key);
    const vector = new Float64Array(model.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0));
    places.forEach((place, i) => {
      if (place >= 0) vector[place] = own[i];
    });
    const apart = distance(kept(vector, golden), golden);
    tell(`${model.name} ${key}: ${apart.toExponential(1)}`);
    expect(apart).toBeLessThan(1e-9);
    // ten tolerances beside it is another vector
    vector[0] += 1e-8 * norm(golden);
    expect(distance(kept(vector, golden), golden)).toBeGreaterThan(1e-9);
  }

  it('has a place for every weight of PyTorch', () => {
    const total = model.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect(new Set(read().places.filter((place) => place >= 0)).size).toBe(total);
  });

  it('gives the logits of PyTorch to 1e-5 in float32 and 1e-12 in float64', () => {
    const { network, params, plain, examples, numbers } = read();
    const narrow = { ...examples, inputs: Float32Array.from(examples.inputs) };
    const single = logits(plain.network, Float32Array.from(plain.params), narrow, { dtype: 'float32' });
    const double = logits(network, params, examples, { dtype: 'float64' }) as Float64Array;
    const apart = [distance(Float64Array.from(single), numbers('logits')), distance(double, numbers('logits64'))];
    tell(`${model.name} logits: ${apart.map((x) => x.toExponential(1)).join(', ')}`);
    expect(apart[0]).toBeLessThan(1e-5);
    expect(apart[1]).toBeLessThan(1e-12);
  });

  it('gives the same logits when it was written by us and read again', () => {
    const { network, params, examples } = read();
    const again = onnxNetwork(onnxOf(network, params));
    const [before, after] = [
      logits(network, params, examples, { dtype: 'float64' }),
      logits(again.network, again.params, examples, { dtype: 'float64' }),
    ] as [Float64Array, Float64Array];
    // the error function of a vision transformer's activation is said by several operators
    expect(distance(after, before)).toBeLessThan(model.name === 'vit' ? 1e-14 : 1e-300);
    expect(again.network.size).toBe(network.size);
  });

  it('has the gradient of PyTorch to 1e-9', () => expectSame(gradientOf(read()), 'gradient'));

  it.each([
    ['hessian', hessian],
    ['gaussNewton', gaussNewton],
  ] as const)('has the products of PyTorch with its %s to 1e-9', async (key, make) => {
    const { network, params, examples, loss, places } = read();
    const operator = make(network, params, examples, { loss, dtype: 'float64' });
    const size = model.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    for (const k of [0, 1, 2]) {
      const v = direction(k + 1, size);
      const own = Float64Array.from(places, (place) => (place < 0 ? 0 : v[place]));
      const out = new Float64Array(network.size);
      await operator.apply(own, out);
      expectSame(out, `${key}.${k}`);
    }
  });
}

describe.each(modelsOf(small).map((model) => [model.name, model] as const))('a small %s', (_, model) =>
  compare(small, model),
);

// where they are named: TORCH_EXPORTS=DIR
if (full !== '')
  describe.each(modelsOf(full).map((model) => [model.name, model] as const))('of full size: %s', (_, model) =>
    compare(full, model),
  );
