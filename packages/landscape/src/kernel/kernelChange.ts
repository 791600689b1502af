import { type FloatArray, refuse, requireNoOthers } from '@hyperribbon/contract';
import { kernelAlignment, largest, type NumberOrReason } from './kernelAlignment.js';
import type { KernelChange, TangentKernel } from './kernelTypes.js';
import { parameterChange } from './parameterChange.js';

export interface KernelChangeOptions {
  /** (n,) of the kernels' examples: without them there is no alignment */
  readonly labels?: Int32Array;
  /** weights before and after: without them there is no change of parameters */
  readonly params?: { readonly before: FloatArray; readonly after: FloatArray };
}

/**
 * How a tangent kernel changed: correlation and cosine of its entries, which a rescaling leaves at 1, and three sizes that it does not.
 *
 * `relativeChange` is the ratio of norms ‖K₁ − K₀‖/‖K₀‖ that the paper writes; its program prints the norm of entrywise quotients instead,
 * which is `elementwiseChange`: entries near zero rule it. Correlation is over all entries, both triangles, as there.
 *
 * @param before, after kernels of the same examples and the same `of`
 * @returns null for what has no value, a sentence for each in `missing`
 * @throws ArgumentError for kernels of different kinds, labels or weights of other lengths
 * Cost: a few passes over the entries. Source: [goldblum2020, section 5] and its published program.
 * @example
 * const at = (params) => neuralTangentKernel(net, params, digits.test);
 * const { correlation } = kernelChange(await at(net.init(1)), await at(run.params), { labels: digits.test.labels });
 */
export function kernelChange(
  before: TangentKernel,
  after: TangentKernel,
  { labels, params, ...unknown }: KernelChangeOptions = {},
): KernelChange {
  const caller = 'kernelChange';
  requireNoOthers(caller, unknown, 'KernelChangeOptions');
  if (before.of !== after.of || before.examples !== after.examples || before.rows !== after.rows)
    refuse(
      caller,
      `before and after must be kernels of the same rows, got ${before.rows} (of ${before.of}) and ${after.rows} (of ${after.of})`,
    );
  const missing: string[] = [];
  const told = (name: string, { value, reason }: NumberOrReason): number | null => {
    const why = reason ?? (Number.isFinite(value) ? undefined : 'it is beyond the range of float64');
    if (why !== undefined) missing.push(`${name}: ${why}`);
    return why === undefined ? value : null;
  };
  const sizes = entryNumbers(before.matrix, after.matrix);
  const [none, nowhere] = ['no labels were given', 'no weights were given'].map((reason) => ({ value: null, reason }));
  const aligned = (kernel: TangentKernel): NumberOrReason => (labels ? kernelAlignment(kernel, labels) : none);
  return {
    correlation: told('correlation', sizes.correlation),
    cosine: told('cosine', sizes.cosine),
    relativeChange: told('relativeChange', sizes.relativeChange),
    elementwiseChange: told('elementwiseChange', sizes.elementwiseChange),
    growth: told('growth', sizes.growth),
    alignmentBefore: told('alignmentBefore', aligned(before)),
    alignmentAfter: told('alignmentAfter', aligned(after)),
    parameterChange: told('parameterChange', params ? relativeParameters(params) : nowhere),
    missing,
  };
}

type EntryNumbers = Record<
  'correlation' | 'cosine' | 'relativeChange' | 'elementwiseChange' | 'growth',
  NumberOrReason
>;

function entryNumbers(before: Float64Array, after: Float64Array): EntryNumbers {
  const [from, to] = [largest(before), largest(after)];
  if (Number.isNaN(from) || Number.isNaN(to)) {
    const which = Number.isNaN(from) ? 'before' : 'after';
    return sameFor({ value: null, reason: `the kernel ${which} has entries that are not finite` });
  }
  const elementwiseChange = { value: elementwise(before, after) };
  if (from === 0) {
    const zero = { value: null, reason: 'the kernel before is zero: no logit depends on a weight there' };
    return { ...sameFor(zero), elementwiseChange };
  }
  const relativeChange = { value: (Math.max(from, to) / from) * distance(before, after, Math.max(from, to)) };
  relativeChange.value /= norm(before, from);
  if (to === 0) {
    const zero = { value: null, reason: 'the kernel after is zero: no logit depends on a weight there' };
    return { correlation: zero, cosine: zero, relativeChange, elementwiseChange, growth: { value: 0 } };
  }
  // scaled: squares of 1e±200 are not there
  const [a, b] = [before.map((x) => x / from), after.map((x) => x / to)];
  const growth = { value: ((norm(b, 1) / norm(a, 1)) * to) / from };
  return {
    correlation: correlationOf(a, b),
    cosine: { value: cosine(a, b, 0, 0) },
    relativeChange,
    elementwiseChange,
    growth,
  };
}

function sameFor(value: NumberOrReason): EntryNumbers {
  return { correlation: value, cosine: value, relativeChange: value, elementwiseChange: value, growth: value };
}

function correlationOf(a: Float64Array, b: Float64Array): NumberOrReason {
  const [ma, mb] = [a, b].map((values) => values.reduce((sum, x) => sum + x, 0) / values.length);
  if (deviates(a, ma) && deviates(b, mb)) return { value: cosine(a, b, ma, mb) };
  return { value: null, reason: 'all entries of a kernel agree: a constant has no correlation' };
}

function deviates(values: Float64Array, mean: number): boolean {
  return values.some((x) => Math.abs(x - mean) > 1e-14);
}

/** Σ (a − ma)(b − mb) over the root of the sums of squares. */
function cosine(a: Float64Array, b: Float64Array, ma: number, mb: number): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] - ma, b[i] - mb];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return Math.max(-1, Math.min(1, ab / Math.sqrt(aa) / Math.sqrt(bb)));
}

function norm(values: Float64Array, scale: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] / scale) * (values[i] / scale);
  return Math.sqrt(sum);
}

function distance(a: Float64Array, b: Float64Array, scale: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const gap = b[i] / scale - a[i] / scale;
    sum += gap * gap;
  }
  return Math.sqrt(sum);
}

/** the published program's guard against entries that are zero; not scaled there, so not here */
const GUARD = 1e-4;

function elementwise(before: Float64Array, after: Float64Array): number {
  const quotients = before.map((x, i) => Math.abs(after[i] - x) / (Math.abs(x) + GUARD));
  const most = largest(quotients);
  return most === 0 || Number.isNaN(most) ? most : most * norm(quotients, most);
}

function relativeParameters({ before, after }: Required<KernelChangeOptions>['params']): NumberOrReason {
  const { relative } = parameterChange(before, after);
  return relative === null ? { value: null, reason: 'all weights before are zero' } : { value: relative };
}
