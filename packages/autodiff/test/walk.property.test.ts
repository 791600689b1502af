// Oracle: identities, for stacks of layers written in random ways: weights in any shape, reordered, transposed, on either side, used again;
// biases before or behind a reshape; residual connections.
import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import {
  type Tensor,
  add,
  float64,
  full,
  grad,
  matmul,
  mul,
  reshape,
  simplify,
  sin,
  sum,
  tanh,
  trace,
  transpose,
} from '@hyperribbon/autodiff';
import { evaluate } from '@hyperribbon/autodiff/testing';
import { affineMaps, placesOf, tap, weightMatrix } from '@hyperribbon/autodiff/walk';

const layer = fc.record({
  width: fc.constantFrom(1, 2, 3, 4, 6),
  /** axes of the weights' array: the numbers of the matrix, cut in two where they can be */
  cut: fc.nat(3),
  reordered: fc.boolean(),
  storedTransposed: fc.boolean(),
  onTheLeft: fc.boolean(),
  again: fc.boolean(),
  bias: fc.constantFrom('none', 'at once', 'later', 'again'),
  activation: fc.constantFrom('tanh', 'sin', 'square', 'none'),
  residual: fc.boolean(),
});
type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** The function of such layers, and the shapes of its parameters. */
function stackOf(layers: readonly Layer[], inputs: number, batch: number) {
  const parameters: number[][] = [];
  const take = (shape: number[], again: boolean): number => {
    const known = again ? parameters.findIndex((other) => sizeOf(other) === sizeOf(shape)) : -1;
    return known >= 0 ? known : parameters.push(shape) - 1;
  };
  let width = inputs;
  const steps = layers.map((own) => {
    const [rows, columns] = [width, own.width];
    width = own.width;
    const divisor = [1, 2, 3, 2][own.cut];
    const total = rows * columns;
    const w = take(total % divisor === 0 ? [divisor, total / divisor] : [total], own.again);
    const b = own.bias === 'none' ? undefined : take([columns], own.bias === 'again');
    return (p: readonly Tensor[], h: Tensor): Tensor => {
      const array = own.reordered ? transpose(p[w]) : p[w];
      const W = own.storedTransposed ? transpose(reshape(array, [columns, rows])) : reshape(array, [rows, columns]);
      const row = b === undefined ? undefined : reshape(p[b], [columns]);
      let z = own.onTheLeft ? matmul(transpose(W), transpose(h)) : matmul(h, W);
      const early = own.bias !== 'later';
      if (row !== undefined && early) z = add(z, own.onTheLeft ? reshape(row, [columns, 1]) : row);
      if (own.onTheLeft) z = transpose(z);
      if (row !== undefined && !early) {
        z = reshape(add(reshape(row, [columns, 1]), reshape(z, [batch, 1, columns, 1])), [batch, columns]);
      }
      const y = { tanh, sin, square: (x: Tensor) => mul(x, x), none: (x: Tensor) => x }[own.activation](z);
      return own.residual && rows === columns ? add(y, h) : y;
    };
  });
  const apply = (...args: Tensor[]): Tensor => steps.reduce((h, step) => step(args, h), args[args.length - 1]);
  return { parameters, apply };
}

test('maps of random stacks are X W + b and give the gradients of their weights', () => {
  fc.assert(
    fc.property(
      fc.array(layer, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(1, 2, 3, 6),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      (layers, inputs, batch, simplified) => {
        const { parameters, apply } = stackOf(layers, inputs, batch);
        const specs = [...parameters, [batch, inputs]].map((shape) => float64(...shape));
        const data = specs.map(({ shape }, i) =>
          Float64Array.from({ length: sizeOf(shape) }, (_, k) => Math.sin(12.9898 * (k + 1) + 78.233 * (i + 1))),
        );
        const traced = trace(apply as never, specs).program;
        const program = simplified ? simplify(traced) : traced;
        const examples = parameters.length;
        const maps = affineMaps(program, { parameters: parameters.map((_, i) => i), examples });
        // every layer is one, but for equal ones that simplify computes once
        if (!simplified) expect(maps.length).toBe(layers.length);
        const parts = (...args: Tensor[]): Tensor[] => {
          const { taps } = tap(program, maps, args);
          const total = (zeros: readonly Tensor[]): Tensor =>
            sum(tanh(tap(program, maps, args, ({ output }, i) => add(output, zeros[i])).outputs[0]));
          const deltas = grad(total)(taps.map(({ output }) => full(output.shape, 0)));
          return taps.flatMap(({ input, output }, i) => {
            const { weight, bias, outputs } = maps[i];
            const product = matmul(input, weightMatrix(maps[i], args[weight]));
            const whole = bias === undefined ? product : add(product, reshape(args[bias], [outputs]));
            return [output, whole, matmul(transpose(input), deltas[i]), sum(deltas[i], 0)];
          });
        };
        const found = evaluate(trace(parts as never, specs).program, data);
        const whole = (...args: Tensor[]): Tensor =>
          (grad((own: Tensor[]) => sum(tanh(apply(...own, args[examples])))) as (own: Tensor[]) => never)(
            args.slice(0, examples),
          );
        const gradients = evaluate(trace(whole as never, specs).program, data);
        maps.forEach(({ weight, bias, alone, weightViews }, i) => {
          const [output, byHand, byWeights, byBias] = found.slice(4 * i, 4 * i + 4);
          expect(distance(output, byHand)).toBeLessThan(1e-12);
          if (!alone) return;
          const places = placesOf(byWeights.length, weightViews);
          expect(
            distance(
              byWeights,
              Array.from(places, (place) => gradients[weight][place]),
            ),
          ).toBeLessThan(1e-11);
          if (bias !== undefined) expect(distance(byBias, gradients[bias])).toBeLessThan(1e-11);
        });
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});

/** max |a − b| / (1 + |b|) */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = a.length === b.length ? 0 : Number.NaN;
  for (let i = 0; i < b.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]) / (1 + Math.abs(b[i])));
  return worst;
}
