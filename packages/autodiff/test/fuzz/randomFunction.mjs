// Random functions of tensors: mixed element types, lengths 0 and 1, numbers at the edges of the range.
import * as functions from '@hyperribbon/autodiff';
import * as array from '@hyperribbon/autodiff/array';

/** By name. */
const ad = Object.fromEntries(Object.entries(functions));

/** Whole numbers below n, a long sequence per seed. */
export function picker(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
    x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
    return Math.floor((((x ^ (x >>> 15)) >>> 0) / 2 ** 32) * n);
  };
}

const lengths = [1, 2, 3, 5, 2, 3, 4, 1, 0];
const oneOf = (pick, list) => list[pick(list.length)];
const shapeOf = (pick, rank = pick(4)) => Array.from({ length: rank }, () => oneOf(pick, lengths));
const size = (shape) => shape.reduce((a, b) => a * b, 1);
const isFloat = ({ dtype }) => dtype !== 'int32';

const unary = (
  'abs asinh atan cos erf exp expm1 gelu log log1p logCosh logSigmoid neg normalCdf normalPdf reciprocal relu rsqrt sech2 sigmoid ' +
  'sign silu sin softplus sqrt square step tanh xlogx stopGradient lgamma'
).split(' ');
const binary = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'greater', 'pow', 'add', 'mul', 'sub'];
const factors = [2, -1, 0, 1, 0.5, 1e-3, -3, 1e10, 1e-10, 1e30, -1e-30];

/** Makers of one more tensor from those that there are; undefined where nothing fits. */
const makers = [
  (x, pick) => isFloat(x) && ad[oneOf(pick, unary)](x),
  (x, pick) => isFloat(x) && ad[oneOf(pick, ['neg', 'square', 'tanh', 'sigmoid', 'relu'])](x),
  (x, pick, pool) => {
    const y = pool.filter((z) => z.dtype === x.dtype && z.shape.join() === x.shape.join());
    return isFloat(x) && ad[oneOf(pick, binary)](x, oneOf(pick, y));
  },
  (x, pick, pool) => {
    // by broadcasting
    const y = oneOf(pick, pool);
    const rank = Math.max(x.shape.length, y.shape.length);
    const fits = Array.from({ length: rank }, (_, i) => [x, y].map((z) => z.shape[z.shape.length - rank + i] ?? 1));
    if (!isFloat(x) || x.dtype !== y.dtype || !fits.every(([a, b]) => a === b || a === 1 || b === 1)) return undefined;
    return ad[oneOf(pick, binary)](x, y);
  },
  (x, pick) => isFloat(x) && ad[oneOf(pick, ['add', 'sub', 'mul', 'div'])](x, oneOf(pick, factors)),
  (x, pick) => isFloat(x) && ad[oneOf(pick, ['sub', 'div', 'maximum'])](oneOf(pick, factors), x),
  (x, pick) =>
    isFloat(x) &&
    x.shape.length > 0 &&
    ad[oneOf(pick, ['softmax', 'logSoftmax', 'logSumExp'])](x, pick(x.shape.length)),
  (x, pick) => {
    const axes = x.shape.flatMap((_, i) => (pick(2) ? [i] : []));
    return isFloat(x) && ad[oneOf(pick, ['sum', 'mean', 'max', 'min', 'sum'])](x, axes, { keepDims: pick(2) === 1 });
  },
  (x, pick) => ad.reshape(x, pick(2) ? [size(x.shape)] : x.shape.toReversed()),
  (x) =>
    ad.transpose(
      x,
      x.shape.map((_, i) => (i + 1) % x.shape.length),
    ),
  (x) => ad.transpose(x),
  (x, pick) => {
    const start = x.shape.map((n) => pick(n + 1));
    return ad.slice(
      x,
      start,
      start.map((from, i) => from + pick(x.shape[i] - from + 1)),
    );
  },
  (x, pick) =>
    ad.pad(
      x,
      x.shape.map(() => pick(3)),
      x.shape.map(() => pick(2)),
    ),
  (x, pick, pool) => {
    const axis = pick(x.shape.length || 1);
    const fits = ({ dtype, shape }) =>
      dtype === x.dtype && shape.length === x.shape.length && shape.every((n, i) => i === axis || n === x.shape[i]);
    return x.shape.length > 0 && ad.concatenate([x, ...pool.filter(fits).slice(0, 1 + pick(2))], axis);
  },
  (x, pick, pool) => {
    const right = pool.filter(
      (y) =>
        y.dtype === x.dtype &&
        y.shape.length > 0 &&
        y.shape.length < 3 &&
        y.shape.at(-2) !== undefined &&
        y.shape[0] === x.shape.at(-1),
    );
    return isFloat(x) && x.shape.length > 0 && right.length > 0 && ad.matmul(x, oneOf(pick, right));
  },
  (x) => isFloat(x) && x.shape.length === 2 && ad.matmul(ad.transpose(x), x),
  (x, pick, pool) => {
    const like = pool.filter((y) => y.shape.join() === x.shape.join());
    const values = oneOf(pick, like);
    return ad.select(
      x,
      values,
      oneOf(
        pick,
        like.filter(({ dtype }) => dtype === values.dtype),
      ),
    );
  },
  (x, pick) =>
    ad.convert(
      pick(3) === 0 && isFloat(x) ? ad.tanh(x) : x,
      oneOf(pick, ['float32', 'float64', ...(isFloat(x) ? [] : ['int32'])]),
    ),
  (x, pick, pool) => {
    const index = pool.filter(({ dtype, shape }) => dtype === 'int32' && shape.length === 1 && shape[0] === x.shape[0]);
    return (
      isFloat(x) && x.shape.length === 2 && x.shape[1] >= 2 && index.length > 0 && ad.gatherRows(x, oneOf(pick, index))
    );
  },
  (x, pick, pool) => {
    const index = pool.filter(({ dtype, shape }) => dtype === 'int32' && shape.join() === x.shape.join());
    return isFloat(x) && x.shape.length === 1 && index.length > 0 && ad.scatterRows(x, oneOf(pick, index), 2 + pick(3));
  },
  (x, pick) => isFloat(x) && ad.broadcastTo(x, [oneOf(pick, [1, 2, 3, 0]), ...x.shape]),
  (x, pick) => {
    if (!isFloat(x) || x.shape.length !== 3) return undefined;
    const images = ad.reshape(x, [1, ...x.shape]);
    const [kh, kw] = [1 + pick(2), 1 + pick(2)];
    if (x.shape[0] < kh || x.shape[1] < kw) return undefined;
    const pooled = oneOf(pick, ['averagePool2d', 'maxPool2d']);
    const weights = ad.full([2, x.shape[2], kh, kw], 0.5, x.dtype);
    const padding = oneOf(pick, ['valid', 'same', 1]);
    return pick(2)
      ? ad.conv2d(images, weights, { stride: 1 + pick(2), padding })
      : ad[pooled](images, { size: [kh, kw], stride: 1 + pick(2) });
  },
  (x, pick) =>
    isFloat(x) && x.shape.length > 0 && size(x.shape) > 0 && oneOf(pick, [array.cumulativeSum, array.sort])(x, 0),
  (x, pick) =>
    isFloat(x) &&
    x.shape.length > 0 &&
    x.shape[0] > 0 &&
    array.take(x, ad.constant(Int32Array.from({ length: pick(4) }, () => pick(x.shape[0]))), 0),
  (x) => isFloat(x) && x.shape.length === 2 && array.einsum('ij,kj->ik', x, x),
];

/** A function of a few tensors that gives one to three, and what it takes. */
export function randomFunction(seed) {
  const pick = picker(seed);
  const dtype = oneOf(pick, ['float64', 'float32', 'float32']);
  const shapes = [shapeOf(pick), shapeOf(pick), shapeOf(pick, 2)];
  const specs = shapes.map((shape, i) =>
    ad[i === 1 && pick(4) === 0 ? oneOf(pick, ['float32', 'float64']) : dtype](...shape),
  );
  specs.push(ad.int32(...oneOf(pick, [shapes[2].slice(0, 1), shapes[0]])));
  const [steps, build] = [2 + pick(12), pick(2 ** 30)];
  const f = (...inputs) => {
    const choose = picker(build);
    const pool = [...inputs];
    for (let i = 0; i < steps; i++) {
      const x = pool[pool.length - 1 - choose(Math.min(pool.length, 5))];
      const made = attempt(() => oneOf(choose, makers)(x, choose, pool));
      if (made && size(made.shape) <= 400) pool.push(made);
    }
    const made = pool.slice(inputs.length).filter(isFloat);
    return made.length === 0 ? [inputs[0]] : made.slice(-1 - choose(3));
  };
  return { f, specs, ...numbers(pick, specs) };
}

/** A shape that does not suit an operation is no finding. */
function attempt(make) {
  try {
    return make();
  } catch (error) {
    if (error.name === 'RangeError' || error.name === 'TypeError' || /Argument/.test(error.name)) return undefined;
    throw error;
  }
}

function numbers(pick, specs) {
  const kind = pick(5);
  const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array };
  const extremes = { float32: [3e38, 1e38, 1e-38, 1e-45, -3e38], float64: [1e308, 1e-308, 5e-324, -1e308, 1e200] };
  const inputs = specs.map(({ shape, dtype }) =>
    arrays[dtype].from({ length: size(shape) }, () => {
      if (dtype === 'int32') return pick(2);
      if (kind === 4 && pick(3) === 0) return oneOf(pick, [...extremes[dtype], 0, -0, 1, -1]);
      if (kind === 3) return pick(5) - 2;
      return (pick(2 ** 20) / 2 ** 19 - 1) * oneOf(pick, [1, 1, 1, 3]);
    }),
  );
  return { inputs, hard: kind >= 3 };
}
