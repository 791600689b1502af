import { type Tensor, compile, float64, mul, sum, valueAndGrad } from '@hyperribbon/autodiff';
import { type Network, flatten, parameterSpecs, sizeOf, unflatten, withBuffers } from '@hyperribbon/nn';
import { type Stack, parseArchitecture, stack } from '@hyperribbon/nn/models';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Arrays = Readonly<Record<string, readonly number[]>>;

interface Case {
  readonly name: string;
  readonly stack: Stack | { readonly architecture: string };
  readonly training: boolean;
  readonly batch: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly c: readonly number[];
  readonly parameters: Arrays;
  readonly gradients: Arrays;
  readonly gradient?: readonly number[];
  readonly buffers: Arrays;
  readonly after?: Arrays;
}

const golden = JSON.parse(readFileSync(new URL('../golden/modules.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
  readonly running: {
    readonly stack: Stack;
    readonly parameters: Arrays;
    readonly batch: number;
    readonly xs: readonly (readonly number[])[];
    readonly after: readonly Arrays[];
  };
};

const typed = (arrays: Arrays): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Float64Array.from(values)]));

/** Largest difference over the largest number. */
function difference(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(found[i] - value)), 0) / scale;
}

const bufferSpecs = ({ buffers = [] }: Network): Record<string, ReturnType<typeof float64>> =>
  Object.fromEntries(buffers.map(({ name, shape }) => [name, float64(...shape)]));

/** Logits and buffers after a step in training mode. */
function trainingStep(network: Network, batch: number) {
  const { inputs } = network;
  return compile(
    (params: Readonly<Record<string, Tensor>>, x: Tensor, buffers: Readonly<Record<string, Tensor>>) => {
      const outputs = network.applyTraining!(params, x, { buffers });
      return { logits: outputs.logits, buffers: { ...outputs.buffers } };
    },
    [parameterSpecs(network, 'float64'), float64(batch, inputs), bufferSpecs(network)] as const,
  );
}

describe('modules give what PyTorch gives:', () => {
  it.each(golden.cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const plain = 'architecture' in one.stack ? parseArchitecture(one.stack.architecture) : stack(one.stack);
    const network = withBuffers(plain, typed(one.buffers));
    expect(Object.fromEntries(network.parameters.map(({ name, shape }) => [name, sizeOf(shape)]))).toEqual(
      Object.fromEntries(Object.entries(one.parameters).map(([name, values]) => [name, values.length])),
    );
    const { batch, training } = one;
    const params = unflatten(network, flatten(network, typed(one.parameters)) as Float64Array);
    const buffers = typed(one.buffers);
    const outputs = (weights: Readonly<Record<string, Tensor>>, x: Tensor, given: Readonly<Record<string, Tensor>>) =>
      training ? network.applyTraining!(weights, x, { buffers: given }).logits : network.apply(weights, x);
    const specs = [
      parameterSpecs(network, 'float64'),
      float64(batch, network.inputs),
      float64(batch, network.classes),
      bufferSpecs(network),
    ] as const;
    type Weights = Readonly<Record<string, Tensor>>;
    const loss = (weights: Weights, x: Tensor, c: Tensor, given: Weights): Tensor =>
      sum(mul(c, outputs(weights, x, given)));
    const x = Float64Array.from(one.x);
    const c = Float64Array.from(one.c);
    const logits = compile((w: Weights, rows: Tensor, _c: Tensor, given: Weights) => outputs(w, rows, given), specs);
    expect(difference(logits(params, x, c, buffers) as Float64Array, one.y)).toBeLessThan(1e-10);
    const gradients = compile(valueAndGrad(loss, { argnums: [0, 1] } as never) as never, specs as never) as never as (
      ...given: unknown[]
    ) => [number, [Record<string, Float64Array>, Float64Array]];
    const [, [byWeights, byInput]] = gradients(params, x, c, buffers);
    for (const [name, expected] of Object.entries(one.gradients))
      expect([name, difference(byWeights[name], expected) < 1e-10]).toEqual([name, true]);
    if (one.gradient !== undefined) {
      expect(difference(byInput, one.gradient)).toBeLessThan(1e-10);
      // the control: a gradient that is off by a thousandth is seen
      expect(
        difference(
          byInput.map((g) => 1.001 * g),
          one.gradient,
        ),
      ).toBeGreaterThan(1e-5);
    }
    if (one.after === undefined) return;
    const { buffers: after } = trainingStep(network, batch)(params as never, x, buffers as never) as never as {
      buffers: Record<string, Float64Array>;
    };
    for (const [name, expected] of Object.entries(one.after))
      expect([name, difference(after[name], expected) < 1e-10]).toEqual([name, true]);
  });
});

it('running statistics are those of PyTorch over ten steps', () => {
  const { parameters, batch, xs, after, stack: description } = golden.running;
  const network = stack(description);
  const step = trainingStep(network, batch);
  let buffers: Record<string, Float64Array> = Object.fromEntries(
    network.buffers!.map(({ name, shape, value }) => [name, new Float64Array(sizeOf(shape)).fill(value as number)]),
  );
  xs.forEach((x, t) => {
    const outputs = step(typed(parameters) as never, Float64Array.from(x), buffers as never) as never as {
      buffers: Record<string, Float64Array>;
    };
    buffers = Object.fromEntries(Object.entries(outputs.buffers).map(([name, array]) => [name, array.slice()]));
    for (const [name, expected] of Object.entries(after[t]))
      expect(difference(buffers[name], expected)).toBeLessThan(1e-10);
  });
});
