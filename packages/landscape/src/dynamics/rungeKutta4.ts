import { axpy } from './vectors.js';

/** A step of a flow, and how wrong it is. */
export interface FlowStep {
  /** ‖w₁ − w₀‖ */
  readonly length: number;
  /** estimated ‖error‖ of this step, where it was asked for */
  readonly error?: number;
}

export interface RungeKutta4 {
  /** Takes w for the start of the next step. @returns the loss at w */
  start(w: Float64Array): number;
  /** w ← w after h, in place. @param check whether the step is made again in two halves */
  step(w: Float64Array, h: number, check: boolean): FlowStep;
}

/**
 * The classical method of Runge and Kutta for dw/dt = −∇L(w) [hairer1993, section II.1]. The error of a checked step is 16/15 of the difference to two half steps,
 * exact but for higher orders of h; the step that is kept is the whole one, so that checks change nothing.
 *
 * @param gradient out ← ∇L(w); returns the loss
 * Cost: 4 gradients a step, 7 more if it is checked
 */
export function rungeKutta4(size: number, gradient: (w: Float64Array, out: Float64Array) => number): RungeKutta4 {
  const [first, slope, sum, at, whole] = Array.from({ length: 5 }, () => new Float64Array(size));
  const halves = new Float64Array(size);
  let started = false;

  /** to ← w after h, with ∇L(w) in `first` if known */
  const advance = (w: Float64Array, h: number, known: boolean, to: Float64Array): void => {
    if (known) slope.set(first);
    else gradient(w, slope);
    sum.set(slope);
    for (const [part, weight] of [
      [h / 2, 2],
      [h / 2, 2],
      [h, 1],
    ]) {
      at.set(w);
      axpy(-part, slope, at);
      gradient(at, slope);
      axpy(weight, slope, sum);
    }
    for (let i = 0; i < size; i++) to[i] = w[i] - (h / 6) * sum[i];
  };
  return {
    start(w) {
      started = true;
      return gradient(w, first);
    },
    step(w, h, check) {
      if (!started) gradient(w, first);
      started = false;
      advance(w, h, true, whole);
      const length = distance(w, whole);
      let error: number | undefined;
      if (check) {
        advance(w, h / 2, true, halves);
        advance(halves, h / 2, false, halves);
        error = (16 / 15) * distance(whole, halves);
      }
      w.set(whole);
      return { length, ...(error !== undefined && { error }) };
    },
  };
}

/** ‖x − y‖ */
export function distance(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const d = x[i] - y[i];
    sum += d * d; // hot
  }
  return Math.sqrt(sum);
}
