import type { FloatArray } from '@hyperribbon/kernels';

/** An update rule as a plain object, so that it can be stored and sent; {@link createUpdate} makes it run. */
export type Optimizer =
  | { readonly kind: 'sgd' }
  | { readonly kind: 'momentum'; readonly momentum: number; readonly nesterov: boolean }
  | { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number };

/** w ← w − lr g */
export function sgd(): Optimizer {
  return { kind: 'sgd' };
}

/** v ← μ v + g; w ← w − lr v, or with `nesterov` w ← w − lr (g + μ v). [sutskever2013], in PyTorch's scaling. */
export function momentum(
  momentum: number = 0.9,
  { nesterov = false }: { readonly nesterov?: boolean } = {},
): Optimizer {
  if (!(momentum >= 0 && momentum < 1)) throw new RangeError(`momentum: momentum must be in [0, 1), got ${momentum}`);
  return { kind: 'momentum', momentum, nesterov };
}

/** Adam with bias correction. [kingma2015, Alg. 1] */
export function adam({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
}: { readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number } = {}): Optimizer {
  for (const [name, value] of Object.entries({ beta1, beta2 })) {
    if (!(value >= 0 && value < 1)) throw new RangeError(`adam: ${name} must be in [0, 1), got ${value}`);
  }
  if (!(epsilon > 0)) throw new RangeError(`adam: epsilon must be > 0, got ${epsilon}`);
  return { kind: 'adam', beta1, beta2, epsilon };
}

/** A running update rule: its memory (`slots`, each as long as the weights) and how many updates it has made. */
export interface Update {
  readonly slots: readonly FloatArray[];
  /** updates made so far; set it with the slots to resume */
  count: number;
  /** Changes `weights` in place by one update along `gradient`; allocates nothing. All arrays have the same type. */
  apply(weights: FloatArray, gradient: FloatArray, learningRate: number): void;
}

/** Makes an update rule for `like.length` weights of the type of `like`; its memory starts at zero. */
export function createUpdate(optimizer: Optimizer, like: FloatArray): Update {
  const slot = (): FloatArray =>
    like instanceof Float32Array ? new Float32Array(like.length) : new Float64Array(like.length);
  switch (optimizer.kind) {
    case 'sgd':
      return {
        slots: [],
        count: 0,
        apply(weights, gradient, learningRate) {
          for (let i = 0; i < weights.length; i++) weights[i] = weights[i] - learningRate * gradient[i];
          this.count++;
        },
      };
    case 'momentum': {
      const { momentum, nesterov } = optimizer;
      const velocity = slot();
      return {
        slots: [velocity],
        count: 0,
        apply(weights, gradient, learningRate) {
          if (nesterov) nesterovUpdate(weights, gradient, velocity, learningRate, momentum);
          else momentumUpdate(weights, gradient, velocity, learningRate, momentum);
          this.count++;
        },
      };
    }
    case 'adam': {
      const { beta1, beta2, epsilon } = optimizer;
      const first = slot();
      const second = slot();
      return {
        slots: [first, second],
        count: 0,
        apply(weights, gradient, learningRate) {
          this.count++;
          const correction1 = 1 - integerPower(beta1, this.count);
          const correction2 = Math.sqrt(1 - integerPower(beta2, this.count));
          if (weights instanceof Float32Array) {
            adamUpdate32(
              weights,
              gradient as Float32Array,
              first as Float32Array,
              second as Float32Array,
              beta1,
              beta2,
              (learningRate / correction1) * correction2,
              epsilon * correction2,
            );
          } else {
            adamUpdate64(
              weights as Float64Array,
              gradient as Float64Array,
              first as Float64Array,
              second as Float64Array,
              beta1,
              beta2,
              (learningRate / correction1) * correction2,
              epsilon * correction2,
            );
          }
        },
      };
    }
    default:
      throw new TypeError(`createUpdate: unknown optimizer ${JSON.stringify(optimizer)}`);
  }
}

function momentumUpdate(w: FloatArray, g: FloatArray, v: FloatArray, lr: number, mu: number): void {
  for (let i = 0; i < w.length; i++) {
    const velocity = mu * v[i] + g[i];
    v[i] = velocity;
    w[i] = w[i] - lr * velocity;
  }
}

function nesterovUpdate(w: FloatArray, g: FloatArray, v: FloatArray, lr: number, mu: number): void {
  for (let i = 0; i < w.length; i++) {
    const velocity = mu * v[i] + g[i];
    v[i] = velocity;
    w[i] = w[i] - lr * (g[i] + mu * velocity);
  }
}

// lr m̂/(√v̂ + ε) with m̂ = m/c1, v̂ = v/c2² is (lr c2/c1) m/(√v + ε c2): one division and one root per weight.
// The two loops are the same text: V8 compiles each for one element type, which a shared one would not stay.
function adamUpdate32(
  w: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  beta1: number,
  beta2: number,
  rate: number,
  epsilon: number,
): void {
  const alpha1 = 1 - beta1;
  const alpha2 = 1 - beta2;
  for (let i = 0; i < w.length; i++) {
    const slope = g[i];
    const mean = beta1 * m[i] + alpha1 * slope;
    const square = beta2 * v[i] + alpha2 * slope * slope;
    m[i] = mean;
    v[i] = square;
    w[i] = w[i] - (rate * mean) / (Math.sqrt(square) + epsilon);
  }
}

function adamUpdate64(
  w: Float64Array,
  g: Float64Array,
  m: Float64Array,
  v: Float64Array,
  beta1: number,
  beta2: number,
  rate: number,
  epsilon: number,
): void {
  const alpha1 = 1 - beta1;
  const alpha2 = 1 - beta2;
  for (let i = 0; i < w.length; i++) {
    const slope = g[i];
    const mean = beta1 * m[i] + alpha1 * slope;
    const square = beta2 * v[i] + alpha2 * slope * slope;
    m[i] = mean;
    v[i] = square;
    w[i] = w[i] - (rate * mean) / (Math.sqrt(square) + epsilon);
  }
}

/** b^n for a whole n ≥ 0 by squaring: `**` differs between runtimes. */
function integerPower(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
