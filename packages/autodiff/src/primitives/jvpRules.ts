import { type BinaryName, unaryNames } from '@hyperribbon/kernels';
import type { PrimitiveName, PrimitiveParams } from '../program.js';
import { apply } from '../trace/apply.js';
import type { Tensor } from '../trace/tensor.js';
import * as p from './emit.js';
import { depthwiseNames, forEachName, windowNames } from './names.js';
import { unaryDerivatives } from './unaryDerivatives.js';

/** What a rule may use: an absent tangent is a zero that costs nothing, and at least one is present. */
export interface JvpSite {
  readonly op: PrimitiveName;
  readonly params: PrimitiveParams;
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly tangents: readonly (Tensor | undefined)[];
}

/** The output's tangent: linear in the tangents; undefined is zero. */
export type JvpRule = (site: JvpSite) => Tensor | undefined;

const shaping = ['broadcast', 'reshape', 'transpose', 'slice', 'pad', 'reduceSum', 'convert'] as const;
const indexing = ['gatherRows', 'scatterRows', 'gatherFlat', 'scatterFlat'] as const;

/** Linear in the first input: the tangent goes the way of the value (other inputs are indices). */
const linear: JvpRule = ({ op, params, inputs, tangents }) => apply(op, [tangents[0]!, ...inputs.slice(1)], params);
const zero: JvpRule = () => undefined;

const binaryRules: Readonly<Record<BinaryName, JvpRule>> = {
  add: ({ tangents: [s, t] }) => p.sumPresent(s, t),
  sub: ({ tangents: [s, t] }) => {
    if (s !== undefined && t !== undefined) return p.sub(s, t);
    return s ?? p.neg(t!);
  },
  mul: ({ inputs: [x, y], tangents: [s, t] }) => p.sumPresent(s && p.mul(s, y), t && p.mul(t, x)),
  div: ({ inputs: [, y], output, tangents: [s, t] }) =>
    p.sumPresent(s && p.div(s, y), t && p.mul(t, p.neg(p.div(output, y)))),
  // where the two are equal the second argument takes the derivative
  max: ({ inputs: [x, y], tangents }) => selected(p.greater(x, y), x, tangents),
  min: ({ inputs: [x, y], tangents }) => selected(p.greater(y, x), x, tangents),
  greater: zero,
  pow: ({ inputs: [x, y], output, tangents: [s, t] }) => {
    const slope = (): Tensor => {
      // y xʸ⁻¹ with the exponent kept away from −1 where y = 0 and 1/x overflows, so that x = 0 gives 0 and not 0·∞
      const invertible = p.greater(p.unary('abs', x), p.full(x.dtype === 'float32' ? 2 ** -126 : 2 ** -1022, x));
      const exponent = p.select(y, p.shift(y, -1), p.select(invertible, p.shift(y, -1), p.full(1, y)));
      return p.mul(y, apply('pow', [x, exponent]));
    };
    const growth = (): Tensor => {
      const positive = p.greater(x, p.zerosLike(x));
      const safe = p.select(positive, x, p.full(1, x));
      return p.mul(output, p.unary('log', safe));
    };
    return p.sumPresent(s && p.mul(s, slope()), t && p.mul(t, growth()));
  },
};

export const jvpRules: Readonly<Record<PrimitiveName, JvpRule>> = {
  ...forEachName(unaryNames, (op): JvpRule => {
    const derivative = unaryDerivatives[op];
    if (derivative === 'zero') return zero;
    return ({ inputs: [x], output, tangents: [t] }) => p.mul(t!, derivative(x, output));
  }),
  ...binaryRules,
  ...forEachName([...shaping, ...indexing, ...windowNames], () => linear),
  select: ({ inputs: [condition, x], tangents: [, s, t] }) => selected(condition, x, [s, t]),
  full: zero,
  concatenate: ({ params, inputs, tangents }) =>
    apply(
      'concatenate',
      inputs.map((x, i) => tangents[i] ?? p.zerosLike(x)),
      params,
    ),
  // equal maxima share the derivative evenly; it is NaN where the maximum is
  reduceMax: ({ params, inputs: [x], output, tangents: [t] }) => {
    const axes = params.axes!;
    const below = p.greater(p.spread(output, axes, x.shape), x);
    const share = p.sub(p.full(1, x), below);
    const sign = p.unary('sign', output);
    const count = p.spread(p.add(p.reduceSum(share, axes), p.sub(sign, sign)), axes, x.shape);
    return p.reduceSum(p.mul(t!, p.div(share, count)), axes);
  },
  matmul: ({ params: { transA, transB }, inputs: [a, b], tangents: [s, t] }) =>
    p.sumPresent(s && p.matmul(s, b, transA, transB), t && p.matmul(a, t, transA, transB)),
  ...forEachName(
    depthwiseNames,
    (op): JvpRule =>
      ({ params, inputs: [x, y], tangents: [s, t] }) =>
        p.sumPresent(s && apply(op, [s, y], params), t && apply(op, [x, t], params)),
  ),
  logSumExp: ({ inputs: [x], tangents: [t] }) => p.reduceSum(p.mul(t!, apply('softmax', [x])), [x.shape.length - 1]),
  softmax: ({ output: y, tangents: [t] }) => {
    const last = [y.shape.length - 1];
    // of tangents shifted by that of the entry above ½: where it is nearly 1 all others count by their distance from it
    const share = p.mul(t!, p.greater(y, p.full(0.5, y)));
    const weighted = p.mul(p.sub(t!, p.spread(p.reduceSum(share, last), last, y.shape)), y);
    return p.sub(weighted, p.mul(p.spread(p.reduceSum(weighted, last), last, y.shape), y));
  },
  argsort: zero,
  argmaxPool: zero,
  stopGradient: zero,
};

function selected(condition: Tensor, like: Tensor, [s, t]: readonly (Tensor | undefined)[]): Tensor | undefined {
  return p.select(condition, s ?? p.zerosLike(like), t ?? p.zerosLike(like));
}
