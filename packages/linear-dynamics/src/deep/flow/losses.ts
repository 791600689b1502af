import { refuse, requireCounts, requireFiniteEntries, requireInteger } from '@hyperribbon/contract';
import { exp, sigmoid, softplus } from '@hyperribbon/kernels';
import { covarianceEigen } from '../covariance.js';
import { columnGram, multiply, preparedProduct, transpose } from '../dense.js';
import { dotRange, sumOfSquares } from '../../sums.js';
import { vectorOf } from '../../vectors.js';

/** A differentiable loss of a linear map W (outputs, inputs), row-major. */
export interface LinearLoss {
  readonly inputs: number;
  readonly outputs: number;
  /** L(W) */
  value(map: Float64Array): number;
  /** out ← dL/dW, the same shape as W; must not change W */
  gradient(map: Float64Array, out: Float64Array): void;
}

/** A regression by its correlations. */
export interface SquareLossOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Σ_yx = mean of y xᵀ, (outputs, inputs) row-major */
  readonly inputOutput: ArrayLike<number>;
  /** Σ_xx = mean of x xᵀ, (inputs, inputs); left out: the identity (white inputs) */
  readonly inputCorrelation?: ArrayLike<number>;
}

/** Checked target Σ_yx, a copy. @throws ArgumentError */
export function targetOf(
  caller: string,
  { inputs, outputs, inputOutput }: Omit<SquareLossOptions, 'inputCorrelation'>,
): Float64Array {
  requireCounts(caller, { inputs, outputs });
  return vectorOf(caller, 'inputOutput', inputOutput, [outputs, inputs]);
}

/**
 * Mean square loss from correlations, as the excess over its minimum: L(W) = ½ tr((W − W*) Σ_xx (W − W*)ᵀ), W* = Σ_yx Σ_xx⁺,
 * dL/dW = W Σ_xx − Σ_yx.
 *
 * @throws ArgumentError when shapes do not fit, Σ_xx is not symmetric or has a negative eigenvalue
 * Cost: 2 outputs·inputs² flops per gradient, 0 for white inputs. Textbook.
 * @example squareLoss({ inputs: 1, outputs: 1, inputOutput: [3] }).value(Float64Array.of(1)) // 2
 */
export function squareLoss(options: SquareLossOptions): LinearLoss {
  const { inputs, outputs, inputCorrelation } = options;
  const target = targetOf('squareLoss', options);
  if (inputCorrelation === undefined) {
    return {
      inputs,
      outputs,
      value: (map) => sumOfSquares(map.map((w, i) => w - target[i]!)) / 2,
      gradient: (map, out) => {
        for (let i = 0; i < target.length; i++) out[i] = map[i]! - target[i]!;
      },
    };
  }
  const correlation = vectorOf('squareLoss', 'inputCorrelation', inputCorrelation, [inputs, inputs]);
  const best = multiply(target, pseudoInverse(correlation, inputs), outputs, inputs, inputs);
  const times = preparedProduct(correlation, inputs, inputs, outputs);
  return {
    inputs,
    outputs,
    value: (map) => {
      const d = map.map((w, i) => w - best[i]!);
      return dotRange(d, 0, times(d, new Float64Array(d.length)), 0, d.length) / 2;
    },
    gradient: (map, out) => {
      times(map, out);
      for (let i = 0; i < target.length; i++) out[i]! -= target[i]!;
    },
  };
}

function pseudoInverse(a: Float64Array, n: number): Float64Array {
  const { values, vectors } = covarianceEigen('squareLoss', 'inputCorrelation', a, n);
  const floor = n * 2.220446049250313e-16 * (values[0] ?? 0);
  const scaled = vectors.map((v, p) => (values[Math.floor(p / n)]! > floor ? v / values[Math.floor(p / n)]! : 0));
  return multiply(transpose(vectors, n, n), scaled, n, n, n);
}

/** A regression by its examples. */
export interface SquareLossData {
  /** (samples, inputs) row-major, one example a row */
  readonly inputs: ArrayLike<number>;
  /** (samples, outputs) row-major */
  readonly targets: ArrayLike<number>;
  readonly samples: number;
}

/**
 * Mean square loss of data: L(W) = ‖W X − Y‖_F²/(2 samples), examples being the columns of X.
 *
 * @throws ArgumentError when the arrays are not a multiple of `samples` long
 * Cost: the gradient runs on correlations, 2 outputs·inputs² flops; a value takes 2 outputs·inputs·samples. Textbook.
 * @example squareLossOfData({ inputs: [1, 2], targets: [2, 4], samples: 2 }).value(Float64Array.of(1)) // 1.25
 */
export function squareLossOfData(data: SquareLossData): LinearLoss {
  const { samples } = data;
  requireInteger('squareLossOfData', 'samples', samples, 1);
  const inputs = columnsOf('squareLossOfData', 'inputs', data.inputs, samples);
  const outputs = columnsOf('squareLossOfData', 'targets', data.targets, samples);
  const x = Float64Array.from(data.inputs);
  const y = Float64Array.from(data.targets);
  const mean = (a: Float64Array): Float64Array => a.map((v) => v / samples);
  const inputOutput = mean(multiply(transpose(y, samples, outputs), x, outputs, samples, inputs));
  const loss = squareLoss({ inputs, outputs, inputOutput, inputCorrelation: mean(columnGram(x, samples, inputs)) });
  return {
    ...loss,
    value: (map) => {
      const predicted = multiply(x, transpose(map, outputs, inputs), samples, inputs, outputs);
      return sumOfSquares(predicted.map((p, i) => p - y[i]!)) / (2 * samples);
    },
  };
}

/** Two classes by their examples. */
export interface BinaryData {
  /** (samples, inputs) row-major, one example a row */
  readonly inputs: ArrayLike<number>;
  /** (samples,), each −1 or +1 */
  readonly labels: ArrayLike<number>;
}

/**
 * Mean logistic loss of a scalar output: L(w) = mean ln(1 + e^(−y w·x)), in nats.
 *
 * @throws ArgumentError for a label other than −1 and +1
 * Cost: 4 samples·inputs flops per gradient. Textbook.
 * @example logisticLoss({ inputs: [1, -1], labels: [1, -1] }).value(Float64Array.of(0)) // 0.6931...
 */
export function logisticLoss(data: BinaryData): LinearLoss {
  return marginLoss('logisticLoss', data, { value: (m) => softplus(-m), slope: (m) => -sigmoid(-m) });
}

/**
 * Mean exponential loss of a scalar output: L(w) = mean e^(−y w·x). Textbook.
 *
 * @throws ArgumentError for a label other than −1 and +1
 * @example exponentialLoss({ inputs: [1, -1], labels: [1, -1] }).value(Float64Array.of(0)) // 1
 */
export function exponentialLoss(data: BinaryData): LinearLoss {
  return marginLoss('exponentialLoss', data, { value: (m) => exp(-m), slope: (m) => -exp(-m) });
}

function marginLoss(
  where: string,
  data: BinaryData,
  { value, slope }: Readonly<Record<'value' | 'slope', (margin: number) => number>>,
): LinearLoss {
  const samples = data.labels.length;
  requireInteger(where, 'labels.length', samples, 1);
  const inputs = columnsOf(where, 'inputs', data.inputs, samples);
  const signed = Float64Array.from(data.inputs);
  for (let i = 0; i < samples; i++) {
    const label = data.labels[i]!;
    if (label !== 1 && label !== -1) {
      refuse(where, `labels must be -1 or +1, got labels[${i}]=${label}`);
    }
    if (label === -1) for (let j = 0; j < inputs; j++) signed[i * inputs + j]! *= -1;
  }
  const margin = (map: Float64Array, i: number): number => dotRange(map, 0, signed, i * inputs, inputs);
  return {
    inputs,
    outputs: 1,
    value: (map) => {
      let sum = 0;
      for (let i = 0; i < samples; i++) sum += value(margin(map, i));
      return sum / samples;
    },
    gradient: (map, out) => {
      out.fill(0);
      for (let i = 0; i < samples; i++) {
        const factor = slope(margin(map, i)) / samples;
        for (let j = 0; j < inputs; j++) out[j]! += factor * signed[i * inputs + j]!;
      }
    },
  };
}

/** How many numbers a row has. @throws ArgumentError unless all have as many, finite ones */
export function columnsOf(where: string, name: string, array: ArrayLike<number>, samples: number): number {
  const columns = array.length / samples;
  if (!Number.isInteger(columns) || columns < 1) {
    refuse(where, `${name} must hold ${samples} rows of equal length, got ${array.length} numbers`);
  }
  requireFiniteEntries(where, name, array, [samples, columns]);
  return columns;
}
