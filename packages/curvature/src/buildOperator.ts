import { planWithin } from './planWithin.js';
import type { FloatArray } from '@hyperribbon/kernels';
import { type Examples, type Network, assertExamples, assertWeights, unflatten } from '@hyperribbon/nn';
import { chunkProgram } from './chunkProgram.js';
import type { CurvatureKind, CurvatureOperator } from './curvatureOperator.js';
import { type CurvatureOptions, resolveOptions } from './curvatureOptions.js';
import type { ChunkProduct } from './products.js';
import { createTreeSum } from './treeSum.js';
import { scatter } from './vectorPieces.js';

/** What one kind of operator adds to the common construction. */
export interface OperatorRecipe {
  readonly kind: CurvatureKind;
  readonly product: ChunkProduct;
  /** labels that the product sees, default those of the examples */
  readonly drawn?: Int32Array;
  /** recorded in the operator's info */
  readonly seed?: number;
}

/**
 * Binds a product to a data set: cuts the examples into chunks, plans one program per chunk size, runs what does not
 * depend on the direction, and keeps it within the memory budget.
 *
 * Sums over chunks are float64 and follow a fixed tree, so results depend on weights, data and chunk size only.
 */
export function buildOperator(
  caller: string,
  network: Network,
  params: FloatArray,
  examples: Examples,
  recipe: OperatorRecipe,
  options: CurvatureOptions,
): CurvatureOperator {
  const {
    loss,
    reduction,
    chunkSize: wantedChunk,
    dtype,
    deterministic,
    memoryBudget,
  } = resolveOptions(caller, options);
  assertExamples(caller, network, examples);
  assertWeights(caller, 'params', network, params);
  const { count, features } = examples;
  const chunkSize = Math.min(wantedChunk, count);
  const chunks = Math.ceil(count / chunkSize);
  const rest = count - (chunks - 1) * chunkSize;
  const sizes = rest === chunkSize ? [chunkSize] : [chunkSize, rest];
  const programs = sizes.map((rows) => chunkProgram(network, recipe.product, rows, { loss, dtype }));
  const weightCount = network.parameters.length;
  const plan = planWithin(caller, programs, {
    outputs: 1 + weightCount,
    chunks: Array.from({ length: chunks }, (_, i) => (i === chunks - 1 ? sizes.length - 1 : 0)),
    shared: [...network.parameters.map(() => true), false, false, false],
    memoryBudget,
    deterministic,
  });

  const views = unflatten(network, params);
  network.parameters.forEach(({ name }, i) => plan.shared[i]!.set(views[name]));
  const drawn = recipe.drawn ?? examples.labels;
  const shared = network.parameters.map(() => undefined);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const [first, end] = [chunk * chunkSize, Math.min(count, (chunk + 1) * chunkSize)];
    const rows = examples.inputs.subarray(first * features, end * features);
    const x =
      dtype === 'float64' ? Float64Array.from(rows) : rows instanceof Float32Array ? rows : Float32Array.from(rows);
    plan.setData(chunk, [...shared, x, examples.labels.subarray(first, end), drawn.subarray(first, end)]);
  }

  const tree = createTreeSum(network.size, chunks);
  const scale = reduction === 'mean' ? 1 / count : 1;
  const [lossOutput, ...gradientOutputs] = plan.primal.outputs as readonly FloatArray[];
  const gradient = new Float64Array(network.size);
  let total = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    plan.primal.clear();
    plan.primal.run(chunk);
    total += lossOutput[0];
    tree.add(gradientOutputs);
  }
  tree.total(scale, gradient);

  const tangents = plan.tangents as readonly FloatArray[];
  const outputs = plan.tangent.outputs as readonly FloatArray[];
  let products = 0;
  return {
    size: network.size,
    dtype,
    loss: scale * total,
    gradientNorm: Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0)),
    gradient: () => gradient.slice(),
    get products() {
      return products;
    },
    info: {
      kind: recipe.kind,
      network: network.name,
      reduction,
      dtype,
      kernels: plan.kernels,
      examples: count,
      chunks,
      chunkSize,
      residentChunks: plan.residentChunks,
      bytes: plan.bytes,
      residualBytes: plan.residualBytes,
      flops: plan.tangent.flops,
      ...(recipe.seed === undefined ? {} : { seed: recipe.seed }),
    },
    apply(x, out) {
      assertVectors(caller, network.size, x, out);
      scatter(x, 0, tangents);
      for (let chunk = 0; chunk < chunks; chunk++) {
        plan.tangent.clear();
        plan.tangent.run(chunk);
        tree.add(outputs);
      }
      tree.total(scale, out);
      products++;
    },
  };
}

function assertVectors(caller: string, size: number, x: FloatArray, out: FloatArray): void {
  if (x.length !== size || out.length !== size) {
    throw new RangeError(`${caller}: apply takes x and out of ${size} numbers, got ${x.length} and ${out.length}`);
  }
}
