// Oracle: the program as it was traced. Simplified programs have the same bits, are not longer, and stay as they are when simplified again.
import { describe, expect, it } from 'vitest';
import {
  evaluate,
  hash,
  hvp,
  print,
  simplify,
  square,
  sum,
  trace,
  type Program,
  type Spec,
  type Tensor,
} from '../everything.js';
import { float64 } from '../everything.js';
import * as ad from '../everything.js';
import { directions, instances } from '../transforms/registry.js';

describe.each(instances)('%s', (_, c) => {
  const { program, data, specs, f } = c;
  it('keeps its bits', () => {
    const simpler = simplify(program);
    expect(simpler.equations.length).toBeLessThanOrEqual(program.equations.length);
    expect(evaluate(simpler, data)).toEqual(evaluate(program, data));
    expect(print(simplify(simpler))).toBe(print(simpler));
  });

  it('keeps the bits of its second derivative, where it has one', () => {
    if (c.name === 'digamma') return;
    const first = specs.findIndex(({ dtype }) => dtype !== 'int32');
    const loss = (x: Tensor, ...rest: Tensor[]): Tensor =>
      sum(square(f(...rest.slice(0, first), x, ...rest.slice(first))));
    const others = specs.filter((_spec, i) => i !== first);
    const own = [specs[first]!, ...others, specs[first]!];
    const { program: second } = trace(hvp(loss as never) as never, own as readonly Spec[]);
    const held = data.filter((_x, i) => i !== first);
    const inputs = [data[first]!, ...held, directions(c, 3)[first]!];
    expect(evaluate(simplify(second), inputs)).toEqual(evaluate(second, inputs));
  });
});

/** what is written → the operations that are left */
const folds: Record<string, { readonly f: (...xs: Tensor[]) => Tensor; readonly left: string }> = {
  'x + 0': { f: (x) => ad.add(x, 0), left: '' },
  '0 + x': { f: (x) => ad.add(0, x), left: '' },
  'x − 0': { f: (x) => ad.sub(x, 0), left: '' },
  '0 − x': { f: (x) => ad.sub(0, x), left: 'neg' },
  'x · 1': { f: (x) => ad.mul(x, 1), left: '' },
  'x · −1': { f: (x) => ad.mul(-1, x), left: 'neg' },
  'x · x': { f: (x) => ad.mul(x, x), left: 'square' },
  'x · 0 stays: NaN · 0 is NaN': { f: (x) => ad.mul(x, 0), left: 'full mul' },
  'x / 1': { f: (x) => ad.div(x, 1), left: '' },
  '−−x': { f: (x) => ad.neg(ad.neg(x)), left: '' },
  'numbers among themselves': {
    f: (x) => ad.add(x, ad.mul(ad.full([4], 3, 'float64'), ad.full([4], 2, 'float64'))),
    left: 'full add',
  },
  '∞ − ∞ is not a number that JSON keeps': {
    f: (x) => ad.mul(x, ad.sub(ad.full([4], Infinity, 'float64'), ad.full([4], Infinity, 'float64'))),
    left: 'broadcast sub mul',
  },
  'tables that are made anew': {
    f: (x) =>
      ad.add(
        ad.mul(x, ad.constant(Float64Array.of(1, 2, NaN, 4))),
        ad.mul(x, ad.constant(Float64Array.of(1, 2, NaN, 4))),
      ),
    left: 'mul add',
  },
  'tables that differ in the sign of a zero': {
    f: (x) =>
      ad.add(ad.mul(x, ad.constant(Float64Array.of(1, 2, 0, 4))), ad.mul(x, ad.constant(Float64Array.of(1, 2, -0, 4)))),
    left: 'mul mul add',
  },
  'tables of other shapes': {
    f: (x) => ad.sum(ad.mul(ad.reshape(x, [2, 2]), ad.constant(Float64Array.of(1, 2, 3, 4), [2, 2]))),
    left: 'reshape mul reduceSum',
  },
  'select of one thing twice': { f: (x, y) => ad.select(y, x, x), left: '' },
  'select by a number': { f: (x, y) => ad.select(ad.full([4], 0, 'float64'), x, y), left: '' },
  'reshape to the same': { f: (x) => ad.reshape(x, [4]), left: '' },
  'reshape of reshape': { f: (x) => ad.reshape(ad.reshape(x, [2, 2]), [4, 1]), left: 'reshape' },
  'there and back': { f: (x) => ad.reshape(ad.reshape(x, [2, 2]), [4]), left: '' },
  'transpose of transpose': { f: (x) => ad.transpose(ad.transpose(ad.reshape(x, [2, 2]))), left: 'reshape' },
  'transposes before a product': {
    f: (x) => ad.matmul(ad.transpose(ad.reshape(x, [4, 1])), ad.reshape(x, [4, 1])),
    left: 'reshape matmul',
  },
  'a slice of everything': { f: (x) => ad.slice(x, [0], [4]), left: '' },
  'padding with nothing': { f: (x) => ad.pad(x, [0], [0]), left: '' },
  'concatenation of one': { f: (x) => ad.concatenate([x], 0), left: '' },
  'a sum over an axis of length 1': { f: (x) => ad.sum(ad.reshape(x, [4, 1]), 1), left: '' },
  'a sum of copies': { f: (x) => ad.sum(ad.broadcastTo(x, [3, 4]), 0), left: 'full mul' },
  'a conversion to the same type': { f: (x) => ad.convert(x, 'float64'), left: '' },
  'a conversion there and back that rounds stays': {
    f: (x) => ad.convert(ad.convert(x, 'float32'), 'float64'),
    left: 'convert convert',
  },
  'equal work twice': { f: (x) => ad.add(ad.tanh(x), ad.mul(ad.tanh(x), x)), left: 'tanh mul add' },
  'work whose result nobody wants': { f: (x) => (ad.exp(x), ad.sin(x)), left: 'sin' },
};

describe('what is folded', () => {
  it.each(Object.entries(folds))('%s', (_, { f, left }) => {
    const { program } = trace(
      f,
      Array.from({ length: Math.max(1, f.length) }, () => float64(4)),
    );
    const simpler = simplify(program);
    expect(simpler.equations.map(({ op }) => op).join(' ')).toBe(left);
    const inputs = simpler.inputs.map((_value, i) => Float64Array.of(0.5, NaN, -3, i));
    expect(evaluate(simpler, inputs)).toEqual(evaluate(plain(program), inputs));
  });
});

/** The same program without shared arrays, so that nothing is compared with itself. */
function plain(program: Program): Program {
  expect(hash(program)).toBe(hash(structuredClone(program)));
  return structuredClone(program);
}
