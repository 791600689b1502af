import { refuse, requireInteger } from '@hyperribbon/contract';
import { type FloatArray, tanh } from '@hyperribbon/kernels';
import { stream } from '@hyperribbon/random';

export interface TeacherOptions {
  readonly dimension: number;
  /** width of the hidden layer (default 50) */
  readonly hidden?: number;
  /** default 10 */
  readonly classes?: number;
  readonly seed: number;
}

/** A fixed random two-layer network that labels inputs. */
export interface Teacher {
  /** (dimension, hidden), row-major */
  readonly W1: Float64Array;
  /** (hidden, classes), row-major */
  readonly W2: Float64Array;
  /** Labels of inputs (n, dimension): the index of the largest logit, the first one of equals. */
  label(inputs: FloatArray): Int32Array;
}

/**
 * The teacher of the sloppy-data experiments: label(x) = argmax tanh(x W₁) W₂ with W₁ ~ N(0, 1/dimension),
 * W₂ ~ N(0, 1/hidden), no biases. All in float64, in a fixed order of operations.
 *
 * @throws ArgumentError when a size is not a positive integer
 * Cost: 2 dimension hidden flops per label: about a second for 20 000 inputs of dimension 200.
 * @example
 * const labels = teacher({ dimension: 200, seed: 1 }).label(new Float64Array(400)); // two labels
 * Source: [yang2022, code of the random-data experiment].
 */
export function teacher(options: TeacherOptions): Teacher {
  const { dimension, hidden = 50, classes = 10, seed } = options;
  requireInteger('teacher', 'dimension', dimension, 1);
  requireInteger('teacher', 'hidden', hidden, 1);
  requireInteger('teacher', 'classes', classes, 2);
  const draw = (index: number, length: number, fanIn: number): Float64Array => {
    const weights = stream({ seed, purpose: 'data.teacher', index }).normal(new Float64Array(length));
    const scale = Math.sqrt(fanIn);
    for (let i = 0; i < length; i++) weights[i] /= scale;
    return weights;
  };
  const W1 = draw(0, dimension * hidden, dimension);
  const W2 = draw(1, hidden * classes, hidden);

  const label = (inputs: FloatArray): Int32Array => {
    if (inputs.length % dimension !== 0)
      refuse('label', `inputs must be (n, ${dimension}), got ${inputs.length} numbers`);
    const labels = new Int32Array(inputs.length / dimension);
    const h = new Float64Array(hidden);
    const logits = new Float64Array(classes);
    for (let n = 0; n < labels.length; n++) {
      h.fill(0);
      for (let i = 0; i < dimension; i++) {
        const x = inputs[n * dimension + i];
        for (let j = 0, w = i * hidden; j < hidden; j++, w++) h[j] += x * W1[w];
      }
      logits.fill(0);
      for (let j = 0; j < hidden; j++) {
        const activity = tanh(h[j]);
        for (let c = 0, w = j * classes; c < classes; c++, w++) logits[c] += activity * W2[w];
      }
      let best = 0;
      for (let c = 1; c < classes; c++) if (logits[c] > logits[best]) best = c;
      labels[n] = best;
    }
    return labels;
  };
  return { W1, W2, label };
}
