import { createWorkspace } from '@hyperribbon/kernels';
import type { Program } from '@hyperribbon/autodiff';
import { instantiate } from '../../src/plan/bind/instantiate.js';
import { plan, type PlanOptions } from '../../src/plan/plan.js';

export type Data = Float32Array | Float64Array | Int32Array;

export interface RunOptions extends PlanOptions {
  readonly engine?: 'wasm' | 'typescript';
  /** how often to run; outputs that accumulate get the sum */
  readonly runs?: number;
}

/** Plans a program, runs it in memory full of NaN, and copies the results out. */
export function run(program: Program, inputs: readonly Data[], options: RunOptions = {}): Data[] {
  const { engine = 'typescript', runs = 1, ...planOptions } = options;
  const planned = plan(program, planOptions);
  const workspace = createWorkspace({ bytes: planned.bytes, deterministic: true, engine });
  const first = workspace.allocate(0);
  workspace.float64View(first, Math.floor(planned.bytes / 8)).fill(NaN);
  const instance = instantiate(planned, workspace);
  instance.inputs.forEach((view, i) => view.set(inputs[i]!));
  for (const [i, accumulate] of (options.accumulate ?? []).entries()) if (accumulate) instance.outputs[i]!.fill(0);
  for (let i = 0; i < runs; i++) instance.run();
  instance.inputs.forEach((view, i) => {
    if (!Array.from(view).every((x, j) => Object.is(x, inputs[i]![j]))) throw new Error(`input ${i} was overwritten`);
  });
  return instance.outputs.map((view) => view.slice());
}

/**
 * Entries that differ by more than 300 ulps of the largest number nearby: rounding of sums in another order stays
 * far below, any wrong operation far above.
 */
export function differences(got: readonly Data[], expected: readonly Data[], ulps: number = 300): string[] {
  const found: string[] = [];
  expected.forEach((want, k) => {
    const have = got[k]!;
    if (have.constructor !== want.constructor || have.length !== want.length) found.push(`output ${k}: type or length`);
    const epsilon = want instanceof Float32Array ? 2 ** -23 : want instanceof Float64Array ? 2 ** -52 : 0;
    const numbers = Array.from(want);
    const scale = numbers.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 0);
    numbers.forEach((x, i) => {
      const y = have[i]!;
      const same = Object.is(x, y) || x === y || Math.abs(x - y) <= ulps * epsilon * scale;
      if (!same) found.push(`output ${k}[${i}]: ${y} instead of ${x}`);
    });
  });
  return found;
}
