import { compile, type Program, sum, type Tensor, trace } from '@hyperribbon/autodiff';
import { tap } from '@hyperribbon/autodiff/walk';
import { experimentalSimd, type FloatArray, type KernelInfo } from '@hyperribbon/kernels';
import type { AnyExamples } from '../examples.js';
import type { TokenAnswers } from '../losses.js';
import type { Network } from '../network.js';
import { totalSize } from '../parameterLayout.js';
import { createTreeSum, nodesOf } from '../shares/treeSum.js';
import type { BatchGradientsOptions } from './batchGradients.js';
import { sharedLoss } from './batchGradients.js';
import { mistakesIn } from './evaluate.js';
import {
  bufferSize,
  gradientFunction,
  type GradientInputs,
  type GradientLayout,
  gradientLayout,
  gradientSpecs,
  planRows,
} from './gradientProgram.js';
import { bindGradientStep, type GradientStep } from './gradientStep.js';

/** The gradient of summed losses over micro-batches of some sizes, as plain data: what a thread needs to compute its part of every step. */
export interface GradientTask {
  /** one per number of rows */
  readonly programs: readonly { readonly program: Program; readonly layout: GradientLayout }[];
  /** micro-batches of a step, at most */
  readonly most: number;
  readonly classes: number;
  readonly tokens?: TokenAnswers;
  readonly deterministic: boolean;
  /** the program switched wide tiles on; a thread chooses its tiles itself, and that must be told to it */
  readonly wideTiles: boolean;
}

/** The sizes of the micro-batches of a batch: all the same but the last, which holds the rest. */
export function microRows(rows: number, microBatch: number): number[] {
  const whole = Math.floor(rows / microBatch);
  const rest = rows % microBatch;
  return [...Array.from({ length: whole }, () => microBatch), ...(rest > 0 ? [rest] : [])];
}

/** @param like examples such as those that steps get */
export function gradientTask(
  network: Network,
  examples: AnyExamples,
  like: AnyExamples,
  options: BatchGradientsOptions & { readonly microBatch: number },
): GradientTask {
  const { batchSize, microBatch, loss, dtype, deterministic, training = false } = options;
  const { lossOf } = sharedLoss(loss, examples);
  const last = examples.count % batchSize || batchSize;
  const sizes = [...new Set([batchSize, last].flatMap((rows) => microRows(rows, microBatch)))];
  return {
    programs: sizes.map((rows) => {
      const layout = gradientLayout(network, rows, { dtype, training }, like);
      const risk = (logits: Tensor, answers: Tensor, weights?: Tensor): Tensor => sum(lossOf(logits, answers, weights));
      const f = gradientFunction(network, layout, { risk, told: lossOf });
      const { program } = planRows(rows, options, () => trace(f as never, [gradientSpecs(layout)]));
      return { program, layout };
    }),
    most: microRows(batchSize, microBatch).length,
    classes: network.classes,
    ...(loss.tokens && { tokens: loss.tokens }),
    deterministic,
    wideTiles: experimentalSimd().revectorized,
  };
}

/** Some consecutive micro-batches of a step. */
export interface MicroShare {
  /** number of the first among those of the step, and how many rows each has */
  readonly first: number;
  readonly rows: readonly number[];
  readonly weights: FloatArray;
  /** examples, buffers and uniforms of all of them, one after the other */
  readonly inputs: GradientInputs;
  /** labels or targets that mistakes are counted by */
  readonly counted: Int32Array | FloatArray;
}

/** What came of them: losses and mistakes of each, and sums of gradients and weighted buffers by node of the step's tree. */
export interface MicroSums {
  readonly losses: Float64Array;
  readonly wrong: Float64Array;
  /** (nodes,) each (size + buffers,): Σ gradients, then Σ rows · buffers after the micro-batch */
  readonly sums: readonly Float64Array[];
  readonly flops: number;
}

/** Micro-batches as one thread computes them. */
export interface MicroRunner {
  readonly kernels: KernelInfo;
  /** Runs them in order; pauses after each. @param sums memory to use again, if it fits */
  run(share: MicroShare, sums?: readonly Float64Array[]): Generator<undefined, MicroSums>;
}

/** Plans a task in memory of its own. */
export function bindTask({ programs, most, classes, tokens, deterministic }: GradientTask): MicroRunner {
  const steps = programs.map(({ program, layout }) => ({ layout, step: bindProgram(program, layout, deterministic) }));
  const { layout } = steps[0];
  const width = totalSize(layout.parameters) + bufferSize(layout);
  const tree = createTreeSum(width, most);
  const weighted = new Float64Array(bufferSize(layout));
  return {
    kernels: steps[0].step.kernels,
    *run({ first, rows, weights, inputs, counted }, memory = []) {
      const nodes = nodesOf(first, first + rows.length);
      const fits = memory.length === nodes.length && memory.every(({ length }) => length === width);
      const sums = fits ? memory : nodes.map(() => new Float64Array(width));
      const [losses, wrong] = [new Float64Array(rows.length), new Float64Array(rows.length)];
      let [micro, row, flops] = [0, 0, 0];
      tree.clear();
      for (let node = 0; node < nodes.length; node++) {
        for (const end = micro + 2 ** nodes[node]; micro < end; micro++) {
          const { step } = steps.find((planned) => planned.layout.rows === rows[micro])!;
          take(inputs, row, rows[micro], layout, step);
          const { told, logits } = step.run(weights);
          losses[micro] = total(told);
          const answers = rowsOf(counted, row, rows[micro], inputs.inputs.length / layout.inputs);
          wrong[micro] = mistakesIn(logits, answers, { ...(tokens && { tokens }) }, classes, step.weights).wrong;
          for (let i = 0; i < weighted.length; i++) weighted[i] = rows[micro] * step.buffersAfter[i];
          tree.add([step.gradient, weighted]);
          row += rows[micro];
          flops += step.flops;
          yield;
        }
        tree.total(1, sums[node]);
      }
      return { losses, wrong, sums, flops };
    },
  };
}

function bindProgram(program: Program, layout: GradientLayout, deterministic: boolean): GradientStep {
  const specs = program.inputs.map((value) => program.values[value]);
  const run = (leaves: readonly Tensor[]): readonly Tensor[] => tap(program, [], leaves).outputs;
  return bindGradientStep(layout, compile(run, [specs] as never, { deterministic }));
}

/** Copies `count` rows from row `from` on into a step's memory. */
function take(all: GradientInputs, from: number, count: number, { inputs }: GradientLayout, step: GradientStep): void {
  const rows = all.inputs.length / inputs;
  for (const name of ['inputs', 'labels', 'targets', 'weights', 'uniforms'] as const) {
    const source = all[name];
    if (source !== undefined) step[name]!.set(rowsOf(source, from, count, rows) as never);
  }
  step.buffers.set(all.buffers);
}

/** A view of `count` rows from row `from` on, of an array that holds `total`. */
export function rowsOf<A extends FloatArray | Int32Array>(array: A, from: number, count: number, total: number): A {
  const width = array.length / total;
  return array.subarray(from * width, (from + count) * width) as A;
}

function total(losses: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < losses.length; i++) sum += losses[i];
  return sum;
}
