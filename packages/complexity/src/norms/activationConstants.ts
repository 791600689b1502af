/** A function of single numbers that activates: how much it stretches, and where it sends 0. */
export interface ActivationConstants {
  /** max |φ′|, rounded up */
  readonly lipschitz: number;
  /** φ(0) = 0 */
  readonly fixesZero: boolean;
  /** φ(c x) = c φ(x) for c > 0 */
  readonly homogeneous: boolean;
  readonly name: string;
}

const constants = (
  name: string,
  lipschitz: number,
  fixesZero: boolean,
  homogeneous: boolean = false,
): ActivationConstants => ({
  name,
  lipschitz,
  fixesZero,
  homogeneous,
});

/**
 * Functions that are one operation. Those with a turning slope: d/dx x Φ(x) = Φ(x) + x φ(x) is largest where its derivative φ(x) (2 − x²) is 0, at √2:
 * Φ(√2) + √2 φ(√2) = 1.12890…
 */
export const unaryConstants: Readonly<Record<string, ActivationConstants>> = {
  relu: constants('relu', 1, true, true),
  tanh: constants('tanh', 1, true),
  abs: constants('abs', 1, true, true),
  neg: constants('neg', 1, true, true),
  sin: constants('sin', 1, true),
  atan: constants('atan', 1, true),
  asinh: constants('asinh', 1, true),
  gelu: constants('gelu', 1.1289042, true),
  // 2/√π
  erf: constants('erf', 1.1283792, true),
  sigmoid: constants('sigmoid', 0.25, false),
  softplus: constants('softplus', 1, false),
  logsigmoid: constants('logsigmoid', 1, false),
  logcosh: constants('logcosh', 1, true),
  cos: constants('cos', 1, false),
  // 1/√(2π)
  normalCdf: constants('normalCdf', 0.3989423, false),
};

/** Functions of several operations as {@link entrywiseText} writes them, constants as `#`. */
interface Form {
  readonly form: string;
  /** from the numbers at the places of `#`, undefined where they make another function */
  of(numbers: readonly number[]): ActivationConstants | undefined;
}

const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-6 * Math.abs(y);
const elu = (alpha: number, width: number, scale: number): ActivationConstants =>
  constants('elu', Math.abs(scale) * Math.max(1, Math.abs(alpha / width)), true);

const forms: readonly Form[] = [
  // d/dx x σ(x) = σ (1 + x (1 − σ)) is largest at x = 2.39936…, where x tanh(x/2) = 2
  { form: 'mul(x,sigmoid(x))', of: () => constants('silu', 1.0998394, true) },
  {
    form: 'mul(x,sigmoid(mul(mul(x,add(mul(square(x),#),#)),#)))',
    of: ([cubic, one, scale]) =>
      near(cubic, 0.044715) && one === 1 && near(scale, 1.5957691216057308)
        ? constants('geluTanh', 1.1289931, true)
        : undefined,
  },
  {
    form: 'select(greater(x,#),x,mul(x,#))',
    of: ([zero, slope]) => (zero === 0 ? constants('leakyRelu', Math.max(1, Math.abs(slope)), true, true) : undefined),
  },
  {
    form: 'max(x,mul(x,#))',
    of: ([slope]) => constants('leakyRelu', Math.max(1, Math.abs(slope)), true, true),
  },
  { form: 'max(x,#)', of: ([floor]) => constants('max', 1, floor <= 0, floor === 0) },
  { form: 'min(max(x,#),#)', of: ([low, high]) => constants('clip', 1, low <= 0 && high >= 0) },
  { form: 'max(min(x,#),#)', of: ([high, low]) => constants('clip', 1, low <= 0 && high >= 0) },
  { form: 'min(relu(x),#)', of: ([high]) => constants('relu6', 1, high >= 0) },
  { form: 'div(x,add(abs(x),#))', of: ([one]) => (one > 0 ? constants('softsign', 1 / one, true) : undefined) },
  {
    form: 'select(greater(x,#),x,mul(expm1(select(greater(x,#),#,x)),#))',
    of: ([a, b, c, alpha]) => (a === 0 && b === 0 && c === 0 ? elu(alpha, 1, 1) : undefined),
  },
  {
    form: 'select(greater(x,#),x,mul(expm1(mul(select(greater(x,#),#,x),#)),#))',
    of: ([a, b, c, inverse, alpha]) => (a === 0 && b === 0 && c === 0 ? elu(alpha, 1 / inverse, 1) : undefined),
  },
  // x (x + 3)/6 between −3 and 3: slope (2 x + 3)/6, 3/2 at x = 3
  {
    form: 'mul(x,min(max(add(mul(x,#),#),#),#))',
    of: ([slope, offset, low, high]) =>
      near(slope, 1 / 6) && offset === 0.5 && low === 0 && high === 1 ? constants('hardSwish', 1.5, true) : undefined,
  },
  // d/dx x tanh(softplus(x)) is largest at x = 1.49057…: 1.08849…
  { form: 'mul(x,tanh(softplus(x)))', of: () => constants('mish', 1.0884982, true) },
];

/**
 * What is known of a function of single numbers that is written out in operations; undefined where it is not one of those that networks use.
 *
 * @param text such as `mul(x,sigmoid(x))`; `numbers` stand in it as `#`
 */
export function constantsOfForm(text: string, numbers: readonly number[]): ActivationConstants | undefined {
  return forms.find(({ form }) => form === text)?.of(numbers);
}
