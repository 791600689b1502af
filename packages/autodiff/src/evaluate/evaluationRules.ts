import { refuse } from '@hyperribbon/contract';
import { binaryNames, exp, log, unaryNames } from '@hyperribbon/kernels';
import { depthwiseNames, forEachName, windowNames } from '../primitives/names.js';
import type { PrimitiveName, PrimitiveParams, Spec } from '../program.js';
import { roundTo } from '../simplify/fold.js';
import { binaryFunctions, unaryFunctions } from './elementwiseRules.js';
import { forEachIndex, positionOf } from './strides.js';
import { stridesOf } from '../specs.js';
import { depthwiseRules, windowRules } from './windowRules.js';

export interface EvaluationSite {
  readonly inputs: readonly ArrayLike<number>[];
  readonly specs: readonly Spec[];
  readonly params: PrimitiveParams;
  readonly outSpec: Spec;
  /** zeros; what is written is rounded to the output's dtype afterwards */
  readonly out: Float64Array;
}

/** What a primitive means, in the plainest loops. */
export type EvaluationRule = (site: EvaluationSite) => void;

const copy: EvaluationRule = ({ inputs: [x], out }) => out.set(x);

export const evaluationRules: Readonly<Record<PrimitiveName, EvaluationRule>> = {
  ...forEachName(
    unaryNames,
    (op): EvaluationRule =>
      ({ inputs: [x], out }) => {
        for (let i = 0; i < out.length; i++) out[i] = unaryFunctions[op](x[i]);
      },
  ),
  ...forEachName(
    binaryNames,
    (op): EvaluationRule =>
      ({ inputs: [x, y], out }) => {
        for (let i = 0; i < out.length; i++) out[i] = binaryFunctions[op](x[i], y[i]);
      },
  ),
  select: ({ inputs: [condition, x, y], out }) => {
    for (let i = 0; i < out.length; i++) out[i] = condition[i] !== 0 ? x[i] : y[i];
  },
  full: ({ params, out }) => out.fill(params.value!),
  broadcast: ({ inputs: [x], specs, params, outSpec, out }) => {
    const strides = stridesOf(specs[0].shape);
    const pick = (index: readonly number[]): number[] => params.axes!.map((axis) => index[axis]);
    forEachIndex(outSpec.shape, (index, i) => (out[i] = x[positionOf(pick(index), strides)]));
  },
  reshape: copy,
  transpose: ({ inputs: [x], specs, params, outSpec, out }) => {
    const strides = stridesOf(specs[0].shape);
    const moved = params.permutation!.map((axis) => strides[axis]);
    forEachIndex(outSpec.shape, (index, i) => (out[i] = x[positionOf(index, moved)]));
  },
  slice: ({ inputs: [x], specs, params, outSpec, out }) => {
    const strides = stridesOf(specs[0].shape);
    const first = positionOf(params.start!, strides);
    forEachIndex(outSpec.shape, (index, i) => (out[i] = x[first + positionOf(index, strides)]));
  },
  pad: ({ inputs: [x], specs, params, outSpec, out }) => {
    const strides = stridesOf(outSpec.shape);
    const first = positionOf(params.low!, strides);
    forEachIndex(specs[0].shape, (index, i) => (out[first + positionOf(index, strides)] = x[i]));
  },
  concatenate: ({ inputs, specs, params, outSpec, out }) => {
    const strides = stridesOf(outSpec.shape);
    let first = 0;
    inputs.forEach((x, k) => {
      const start = first;
      forEachIndex(specs[k].shape, (index, i) => (out[start + positionOf(index, strides)] = x[i]));
      first += specs[k].shape[params.axis!] * strides[params.axis!];
    });
  },
  reduceSum: (site) => reduce(site, 0, (total, x) => total + x),
  reduceMax: (site) => reduce(site, -Infinity, Math.max),
  matmul: ({ inputs: [a, b], specs, params, outSpec, out }) => {
    const [m, n] = outSpec.shape.slice(-2);
    const k = specs[0].shape.at(params.transA ? -2 : -1)!;
    for (let i = 0; i < out.length; i++) {
      const stack = Math.floor(i / (m * n));
      const [row, column] = [Math.floor(i / n) % m, i % n];
      let total = 0;
      for (let l = 0; l < k; l++) {
        const x = a[stack * m * k + (params.transA ? l * m + row : row * k + l)];
        const y = b[stack * k * n + (params.transB ? column * k + l : l * n + column)];
        total += x * y;
      }
      out[i] = total;
    }
  },
  logSumExp: ({ inputs: [x], specs, out }) => {
    const n = specs[0].shape.at(-1)!;
    for (let i = 0; i < out.length; i++) {
      const { largest, total } = shiftedExponentials(x, i * n, n);
      out[i] = Number.isFinite(largest) ? largest + log(total) : largest;
    }
  },
  softmax: ({ inputs: [x], specs, out }) => {
    const n = specs[0].shape.at(-1)!;
    for (let i = 0; i < out.length; i++) {
      const { largest, total } = shiftedExponentials(x, i - (i % n), n);
      out[i] = exp(x[i] - largest) / total;
    }
  },
  gatherRows: ({ inputs: [x, index], specs, out }) => {
    const n = specs[0].shape[1];
    for (let i = 0; i < out.length; i++) out[i] = x[i * n + checked('gatherRows', index[i], n)];
  },
  scatterRows: ({ inputs: [x, index], params, out }) => {
    const n = params.columns!;
    for (let i = 0; i < x.length; i++) out[i * n + checked('scatterRows', index[i], n)] = x[i];
  },
  gatherFlat: ({ inputs: [x, index], out }) => {
    for (let i = 0; i < out.length; i++) out[i] = x[checked('gatherFlat', index[i], x.length)];
  },
  scatterFlat: ({ inputs: [x, index], out }) => {
    for (let i = 0; i < x.length; i++) out[checked('scatterFlat', index[i], out.length)] += x[i];
  },
  argsort: ({ inputs: [x], specs, out }) => {
    const n = specs[0].shape.at(-1)!;
    for (let first = 0; first < out.length; first += n) {
      const before = (i: number, j: number): boolean =>
        x[first + i] < x[first + j] || (x[first + i] === x[first + i] && x[first + j] !== x[first + j]);
      // insertion: an entry moves past those that come after it, never past an equal one
      for (let i = 0; i < n; i++) {
        let place = i;
        for (; place > 0 && before(i, out[first + place - 1]); place--) out[first + place] = out[first + place - 1];
        out[first + place] = i;
      }
    }
  },
  ...forEachName(
    ['argmaxPool', ...windowNames],
    (op): EvaluationRule =>
      ({ inputs: [x], params, out }) =>
        windowRules[op](x, params.window!, out),
  ),
  ...forEachName(
    depthwiseNames,
    (op): EvaluationRule =>
      ({ inputs: [x, y], params, out }) =>
        depthwiseRules[op](x, y, params.window!, out),
  ),
  convert: ({ inputs: [x], outSpec, out }) => {
    for (let i = 0; i < out.length; i++) out[i] = roundTo(outSpec.dtype, x[i]);
  },
  stopGradient: copy,
};

function reduce(
  { inputs: [x], specs, params, outSpec, out }: EvaluationSite,
  start: number,
  combine: (total: number, x: number) => number,
): void {
  const kept = stridesOf(outSpec.shape);
  const { shape } = specs[0];
  const strides: number[] = [];
  for (let axis = 0, next = 0; axis < shape.length; axis++)
    strides.push(params.axes!.includes(axis) ? 0 : kept[next++]);
  out.fill(start);
  forEachIndex(shape, (index, i) => {
    const place = positionOf(index, strides);
    out[place] = combine(out[place], x[i]);
  });
}

function shiftedExponentials(x: ArrayLike<number>, first: number, n: number): { largest: number; total: number } {
  let largest = -Infinity;
  for (let j = 0; j < n; j++) largest = Math.max(largest, x[first + j]);
  let total = 0;
  for (let j = 0; j < n; j++) total += exp(x[first + j] - largest);
  return { largest, total };
}

function checked(op: string, index: number, length: number): number {
  if (!(index >= 0 && index < length)) refuse(op, `index must be in [0, ${length}), got ${index}`);
  return index;
}
