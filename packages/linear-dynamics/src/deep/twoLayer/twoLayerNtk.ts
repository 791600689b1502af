import { requireCounts, requireFiniteEntries } from '@hyperribbon/contract';
import { multiply, transpose } from '../dense.js';
import { vectorOf } from '../../vectors.js';

/** Inputs and the two Gram matrices of a network of two layers. */
export interface TwoLayerNtkOptions {
  /** (samples, inputs) row-major, one example a row */
  readonly data: ArrayLike<number>;
  readonly samples: number;
  readonly inputs: number;
  readonly outputs: number;
  /** W_1ᵀ W_1, (inputs, inputs) */
  readonly inputGram: ArrayLike<number>;
  /** W_2 W_2ᵀ, (outputs, outputs) */
  readonly outputGram: ArrayLike<number>;
}

/**
 * Neural tangent kernel of a two-layer linear network: Θ = (X Xᵀ) ⊗ (W_2 W_2ᵀ) + (X W_1ᵀW_1 Xᵀ) ⊗ I, rows of X the examples.
 *
 * Outputs are stacked example by example: entry (i·outputs + a, j·outputs + b). The two Gram matrices are what
 * `lambdaBalancedFlow` returns, so the kernel of the exact dynamics at any time follows without weights.
 * @returns (samples·outputs, samples·outputs) row-major, symmetric
 * @throws ArgumentError when shapes do not fit
 * Cost: 2 samples·inputs·(samples + inputs) flops and (samples·outputs)² numbers.
 * Source: textbook; checked numerically against the Jacobian by finite differences.
 * @example twoLayerNtk({ data: [2], samples: 1, inputs: 1, outputs: 1, inputGram: [1], outputGram: [3] }) // Float64Array [16]
 */
export function twoLayerNtk(options: TwoLayerNtkOptions): Float64Array {
  const { samples, inputs, outputs } = options;
  requireCounts('twoLayerNtk', { samples, inputs, outputs });
  const x = vectorOf('twoLayerNtk', 'data', options.data, [samples, inputs]);
  const gram = vectorOf('twoLayerNtk', 'inputGram', options.inputGram, [inputs, inputs]);
  requireFiniteEntries('twoLayerNtk', 'outputGram', options.outputGram, [outputs, outputs]);
  const xt = transpose(x, samples, inputs);
  const plain = multiply(x, xt, samples, inputs, samples);
  const hidden = multiply(multiply(x, gram, samples, inputs, inputs), xt, samples, inputs, samples);
  const size = samples * outputs;
  const kernel = new Float64Array(size * size);
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < samples; j++) {
      for (let a = 0; a < outputs; a++) {
        for (let b = 0; b < outputs; b++) {
          const entry = plain[i * samples + j]! * options.outputGram[a * outputs + b]!;
          kernel[(i * outputs + a) * size + j * outputs + b] = entry + (a === b ? hidden[i * samples + j]! : 0);
        }
      }
    }
  }
  return kernel;
}
