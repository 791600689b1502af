// Oracle: the definition, element by element, by way of the interpreter.
import { describe, expect, it } from 'vitest';
import {
  evaluate,
  float32,
  float64,
  int32,
  plan,
  square,
  trace,
  transpose,
  type Spec,
  type Tensor,
} from '../everything.js';
import { joinedAxes } from '../../src/plan/lower/turnAxes.js';
import { differences, run } from './plannedRun.js';

function permutations(rank: number): number[][] {
  if (rank === 0) return [[]];
  return permutations(rank - 1).flatMap((rest) =>
    Array.from({ length: rank }, (_, at) => rest.toSpliced(at, 0, rank - 1)),
  );
}

const shapes = [[5], [3, 7], [17, 2, 3], [2, 3, 1, 4], [2, 5, 3, 4], [2, 1, 3, 2, 17], [0, 3, 2], [1, 1]];

describe('a planned transposition', () => {
  it.each(shapes.map((shape) => [shape] as const))('of %j moves every element where it belongs', (shape) => {
    for (const make of [float32, float64, int32]) {
      for (const permutation of permutations(shape.length)) {
        const spec: Spec = make(...shape);
        // not the input itself, whose place is given
        const value = (x: Tensor): Tensor => (spec.dtype === 'int32' ? x : square(x));
        const { program } = trace((x: Tensor) => transpose(value(x), permutation), [spec]);
        const size = shape.reduce((a, b) => a * b, 1);
        const numbers = Array.from({ length: size }, (_, i) => i - 3);
        const data =
          spec.dtype === 'int32'
            ? Int32Array.from(numbers)
            : spec.dtype === 'float32'
              ? Float32Array.from(numbers)
              : Float64Array.from(numbers);
        for (const engine of ['typescript', 'wasm'] as const)
          expect(differences(run(program, [data], { engine }), evaluate(program, [data]), 0)).toEqual([]);
      }
    }
  });

  it('of images between layouts, of weights and of heads needs no table', () => {
    for (const [shape, permutation] of [
      [
        [8, 3, 6, 5],
        [0, 2, 3, 1],
      ],
      [
        [8, 6, 5, 3],
        [0, 3, 1, 2],
      ],
      [
        [4, 7, 2, 8],
        [0, 2, 1, 3],
      ],
      [
        [4, 7, 2, 8],
        [2, 0, 1, 3],
      ],
    ] as const) {
      const { program } = trace((x: Tensor) => transpose(square(x), permutation), [float64(...shape)]);
      expect(plan(program).constants).toHaveLength(0);
    }
    const { program } = trace((x: Tensor) => transpose(square(x), [2, 1, 0]), [float64(3, 4, 5)]);
    expect(plan(program).constants).toHaveLength(1);
  });
});

it('joins axes that stay neighbours and leaves out those of length 1', () => {
  expect(joinedAxes([8, 6, 5, 3], [0, 3, 1, 2])).toEqual({ lengths: [8, 30, 3], permutation: [0, 2, 1] });
  expect(joinedAxes([2, 1, 3, 4], [1, 2, 3, 0])).toEqual({ lengths: [2, 12], permutation: [1, 0] });
  expect(joinedAxes([2, 3, 4], [0, 1, 2])).toEqual({ lengths: [24], permutation: [0] });
  expect(joinedAxes([1, 1], [1, 0])).toEqual({ lengths: [], permutation: [] });
});
