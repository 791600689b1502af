import type { Instance } from './instantiate.js';
import { isPlace } from '../instruction.js';

/** Where the time of one step goes. */
export interface StepProfile {
  /** position in the plan */
  readonly step: number;
  /** kernels of the step in order, e.g. "gemm 1024×256×784" or "unary.tanh + binary.mul" */
  readonly kernels: string;
  /** median over the repetitions, milliseconds */
  readonly milliseconds: number;
  readonly flops: number;
  /** flops per nanosecond */
  readonly gigaflops: number;
}

/**
 * Times every step of a plan on whatever its inputs hold now.
 *
 * @param repeats runs to take the median of, after one run to warm up
 */
export function profile(instance: Instance, repeats: number = 5): StepProfile[] {
  const { plan, steps } = instance;
  instance.run();
  const times = steps.map((): number[] => []);
  for (let r = 0; r < repeats; r++) {
    for (const [i, step] of steps.entries()) {
      const start = performance.now();
      step();
      times[i]!.push(performance.now() - start);
    }
  }
  return plan.steps.map(({ instructions, flops }, step) => {
    const sorted = times[step]!.sort((a, b) => a - b);
    const milliseconds = sorted[Math.floor(sorted.length / 2)]!;
    const names = instructions.map(({ kernel, args }) => {
      if (kernel !== 'gemm') return `${kernel} ${args.filter((arg, i) => !isPlace(arg) && i < 2).join('×')}`;
      return `gemm${args[0] ? 'ᵀ' : ''} ${args.slice(2, 5).join('×')}`;
    });
    return { step, kernels: names.join(' + '), milliseconds, flops, gigaflops: flops / (milliseconds * 1e6) };
  });
}
