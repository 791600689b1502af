import type { FloatArray } from '@hyperribbon/kernels';
import type { BatchGradients } from './batchGradients.js';
import type { DescentSums, MaybeAsync } from './descend.js';
import type { Ascent } from './sharpnessAware.js';

type Sums = DescentSums | undefined;
type Gradients = Pick<BatchGradients<MaybeAsync<Sums>>, 'measure' | 'again' | 'last'>;

/**
 * Gradients at w + ε in place of those at w: each batch is measured twice, with the same examples, draws and buffers.
 *
 * Loss and mistakes are those at w, and so are the buffers after the step: batch norms normalise the second pass by its own batch, and
 * what it would make of their running statistics is left off. A second gradient that is not finite ends the run as the first would.
 */
export function sharpnessAwareGradients(gradients: Gradients, ascent: Ascent): Pick<Gradients, 'measure' | 'last'> {
  let there: FloatArray | undefined;
  let buffersAfter: FloatArray | undefined;
  let flops = 0;
  const second = (weights: FloatArray, sums: Sums): MaybeAsync<Sums> => {
    if (sums === undefined) return undefined;
    const first = gradients.last();
    there ??= weights.slice();
    buffersAfter ??= first.buffersAfter.slice();
    buffersAfter.set(first.buffersAfter);
    flops = first.flops;
    ascent(weights, first.gradient, there);
    return after(gradients.again(there), (found) => found && sums);
  };
  return {
    measure: (at, weights, buffers) => after(gradients.measure(at, weights, buffers), (sums) => second(weights, sums)),
    last() {
      const last = gradients.last();
      return { gradient: last.gradient, buffersAfter: buffersAfter!, flops: flops + last.flops };
    },
  };
}

/** At once where what comes before it is. */
function after(sums: MaybeAsync<Sums>, then: (sums: Sums) => MaybeAsync<Sums>): MaybeAsync<Sums> {
  return sums instanceof Promise ? sums.then(then) : then(sums);
}
