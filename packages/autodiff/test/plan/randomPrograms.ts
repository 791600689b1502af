import {
  abs,
  add,
  broadcastTo,
  concatenate,
  div,
  exp,
  linearizeProgram,
  logSumExp,
  matmul,
  maximum,
  mul,
  neg,
  pad,
  relu,
  reshape,
  select,
  sigmoid,
  sin,
  slice,
  softmax,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
  trace,
  transpose,
  grad,
  max,
  greater,
  type Program,
  type Spec,
  type Tensor,
} from '../everything.js';

export type Dtype = 'float32' | 'float64';

/** Whole numbers below `n`, taken one after the other from a list that a property test shrinks. */
export type Pick = (n: number) => number;

type Maker = (pool: readonly Tensor[], pick: Pick) => Tensor | undefined;

const any = (pool: readonly Tensor[], pick: Pick): Tensor => pool[pool.length - 1 - pick(Math.min(pool.length, 6))]!;
const matching = (pool: readonly Tensor[], pick: Pick, fits: (x: Tensor) => boolean): Tensor | undefined => {
  const found = pool.filter(fits);
  return found.length === 0 ? undefined : found[pick(found.length)];
};
const same = (x: Tensor, y: Tensor): boolean => x.shape.join() === y.shape.join();

/** Every maker keeps numbers of moderate size, so that rounding is not blown up. */
const makers: readonly Maker[] = [
  (pool, pick) => {
    const functions = [tanh, sin, sigmoid, relu, neg, abs, stopGradient, (x: Tensor) => square(tanh(x))];
    return functions[pick(functions.length)]!(any(pool, pick));
  },
  (pool, pick) => {
    const x = any(pool, pick);
    const y = matching(pool, pick, (z) => same(x, z))!;
    const functions = [add, sub, (a: Tensor, b: Tensor) => mul(tanh(a), b), maximum];
    return functions[pick(functions.length)]!(x, y);
  },
  (pool, pick) => {
    const c = [0.5, -1, 2, -0.25, 1][pick(5)]!;
    const x = any(pool, pick);
    return [add(x, c), sub(c, x), mul(c, x), div(x, 2), mul(x, c), div(c, add(2, square(tanh(x))))][pick(6)]!;
  },
  // a row, a column or a number against a matrix
  (pool, pick) => {
    const x = matching(pool, pick, (z) => z.shape.length === 2);
    if (x === undefined) return undefined;
    const [m, n] = x.shape as [number, number];
    const shapes = [[n], [m, 1], [1, n], [1]];
    const y = matching(pool, pick, (z) => shapes.some((shape) => shape.join() === z.shape.join()));
    if (y === undefined) return undefined;
    return pick(2) === 0 ? add(x, y) : sub(y, mul(tanh(y), x));
  },
  (pool, pick) => {
    const a = matching(pool, pick, (z) => z.shape.length === 2);
    if (a === undefined) return undefined;
    const k = a.shape[1]!;
    const b = matching(pool, pick, (z) => z.shape.length === 2 && (z.shape[0] === k || z.shape[1] === k));
    if (b === undefined) return undefined;
    return mul(1 / Math.max(1, k), matmul(a, b.shape[0] === k ? b : transpose(b)));
  },
  (pool, pick) => {
    const x = any(pool, pick);
    if (x.shape.length === 0) return undefined;
    const axis = pick(x.shape.length);
    const make = [
      () => mul(0.5, sum(x, axis)),
      () => sum(x, axis, { keepDims: true }),
      () => max(x, axis),
      () => logSumExp(x, axis),
      () => softmax(x, axis),
      () => sum(mul(tanh(x), x), -1),
    ];
    return make[pick(make.length)]!();
  },
  (pool, pick) => {
    const x = any(pool, pick);
    return x.shape.length < 2 ? undefined : transpose(x);
  },
  (pool, pick) => {
    const x = any(pool, pick);
    const size = x.shape.reduce((a, b) => a * b, 1);
    const shapes = [
      [size],
      [1, size],
      [size, 1],
      ...(size % 2 === 0
        ? [
            [2, size / 2],
            [size / 2, 2],
          ]
        : []),
    ];
    return reshape(x, shapes[pick(shapes.length)]!);
  },
  (pool, pick) => {
    const x = any(pool, pick);
    if (x.shape.length === 0) return undefined;
    const start = x.shape.map((n) => pick(n));
    return slice(
      x,
      start,
      x.shape.map((n, i) => start[i]! + 1 + pick(n - start[i]!)),
    );
  },
  (pool, pick) => {
    const x = any(pool, pick);
    return pad(
      x,
      x.shape.map(() => pick(3)),
      x.shape.map(() => pick(2)),
    );
  },
  (pool, pick) => {
    const x = any(pool, pick);
    if (x.shape.length === 0) return undefined;
    const axis = pick(x.shape.length);
    const y = matching(pool, pick, (z) => same(x, z))!;
    return concatenate(pick(2) === 0 ? [x, y] : [y, tanh(x), y], axis);
  },
  (pool, pick) => {
    const x = any(pool, pick);
    return x.shape.length > 2 ? undefined : broadcastTo(x, [2 + pick(2), ...x.shape]);
  },
  (pool, pick) => {
    const x = any(pool, pick);
    const y = matching(pool, pick, (z) => same(x, z))!;
    return select(greater(x, 0.1), y, exp(neg(abs(x))));
  },
];

/** A program of about `steps` operations on inputs (3, 4), (4,), (4, 3) and a number. */
export function randomProgram(
  pick: Pick,
  steps: number,
  dtype: Dtype,
  kind: 'value' | 'gradient' | 'tangent',
): Program {
  const specs = [[3, 4], [4], [4, 3], []].map((shape): Spec => ({ shape, dtype }));
  const build = (...inputs: Tensor[]): Tensor[] => {
    const pool = [...inputs];
    for (let i = 0; i < steps; i++) {
      const made = makers[pick(makers.length)]!(pool, pick);
      if (made !== undefined && made.shape.reduce((a, b) => a * b, 1) <= 2000 && made.shape.length <= 4)
        pool.push(made);
    }
    return [pool.at(-1)!, pool[pick(pool.length)]!, pool[Math.floor(pool.length / 2)]!];
  };
  if (kind === 'value') return trace(build as never, specs).program;
  const total = (...inputs: Tensor[]): Tensor =>
    build(...inputs).reduce(
      (s: Tensor | undefined, x) => (s === undefined ? sum(tanh(x)) : add(s, sum(tanh(x)))),
      undefined,
    )!;
  const gradient = trace(((...xs: Tensor[]) => grad(total as never)(...(xs as never[]))) as never, specs).program;
  return kind === 'gradient' ? gradient : linearizeProgram(gradient, { wrt: [0] }).tangent;
}
