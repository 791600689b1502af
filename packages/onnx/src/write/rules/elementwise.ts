import type { ElementType, PrimitiveName } from '@hyperribbon/autodiff';
import type { Draft } from '../draft.js';
import { aligned, union } from '../held.js';
import type { Site, WriteRule } from '../rule.js';

/** Names of arguments to the name of the result; numbers are of `type`. */
type Formula = (draft: Draft, inputs: readonly string[], type: ElementType) => string;

const operator =
  (name: string): Formula =>
  (draft, inputs) =>
    draft.node(name, inputs);

/** A formula in which numbers and the argument are combined: `f(x, n)` is given the name of x, and n makes names of numbers. */
const formula =
  (f: (call: (operator: string, ...inputs: (string | number)[]) => string, x: string) => string): Formula =>
  (draft, [x], type) =>
    f(
      (name, ...inputs) =>
        draft.node(
          name,
          inputs.map((input) => (typeof input === 'number' ? draft.scalar(input, type) : input)),
        ),
      x,
    );

const truth =
  (f: (draft: Draft, inputs: readonly string[], type: ElementType) => string): Formula =>
  (draft, inputs, type) =>
    draft.cast(f(draft, inputs, type), type);

const ROOT_HALF = Math.SQRT1_2;
const ROOT_TWO = Math.SQRT2;

const formulas: Partial<Record<PrimitiveName, Formula>> = {
  add: operator('Add'),
  sub: operator('Sub'),
  mul: operator('Mul'),
  div: operator('Div'),
  max: operator('Max'),
  min: operator('Min'),
  pow: operator('Pow'),
  greater: truth((draft, inputs) => draft.node('Greater', inputs)),
  step: truth((draft, [x], type) => draft.node('Greater', [x, draft.scalar(0, type)])),
  select: (draft, [condition, x, y]) => draft.node('Where', [draft.cast(condition, 'bool'), x, y]),
  neg: operator('Neg'),
  abs: operator('Abs'),
  sign: operator('Sign'),
  relu: operator('Relu'),
  square: (draft, [x]) => draft.node('Mul', [x, x]),
  reciprocal: operator('Reciprocal'),
  sqrt: operator('Sqrt'),
  rsqrt: formula((call, x) => call('Reciprocal', call('Sqrt', x))),
  exp: operator('Exp'),
  // (e^x + 1) tanh(x/2): exp(x) − 1 would lose what is small
  expm1: formula((call, x) => call('Mul', call('Add', call('Exp', x), 1), call('Tanh', call('Mul', x, 0.5)))),
  log: operator('Log'),
  log1p: formula((call, x) => call('Mul', call('Atanh', call('Div', x, call('Add', x, 2))), 2)),
  sin: operator('Sin'),
  cos: operator('Cos'),
  atan: operator('Atan'),
  asinh: operator('Asinh'),
  tanh: operator('Tanh'),
  sech2: formula((call, x) => {
    const inverse = call('Reciprocal', call('Cosh', x));
    return call('Mul', inverse, inverse);
  }),
  sigmoid: operator('Sigmoid'),
  softplus: operator('Softplus'),
  logsigmoid: formula((call, x) => call('Neg', call('Softplus', call('Neg', x)))),
  erf: operator('Erf'),
  gaussian: formula((call, x) => call('Exp', call('Neg', call('Mul', x, x)))),
  normalCdf: formula((call, x) => call('Mul', call('Add', call('Erf', call('Mul', x, ROOT_HALF)), 1), 0.5)),
  normalPdf: formula((call, x) => call('Mul', call('Exp', call('Mul', call('Mul', x, x), -0.5)), 0.3989422804014327)),
  // as PyTorch exports it
  gelu: formula((call, x) => call('Mul', call('Mul', x, call('Add', call('Erf', call('Div', x, ROOT_TWO)), 1)), 0.5)),
  logcosh: formula((call, x) => {
    const size = call('Abs', x);
    return call('Sub', call('Add', size, call('Softplus', call('Mul', size, -2))), Math.LN2);
  }),
};

/** Entry by entry; the result has the axes that any argument has. */
export const elementwiseRules: Partial<Record<PrimitiveName, WriteRule>> = Object.fromEntries(
  Object.entries(formulas).map(([op, write]) => [op, entrywise(write)]),
);

function entrywise(write: Formula): WriteRule {
  return ({ draft, inputs, out }: Site) => {
    const axes = union(inputs.map((held) => held.axes));
    const names = inputs.map((held) => aligned(draft, held, axes));
    const { shape, dtype } = out;
    return { name: write(draft, names, dtype), axes, shape, dtype, type: dtype };
  };
}
