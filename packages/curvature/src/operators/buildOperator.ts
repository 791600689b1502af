import { MemoryLimitError } from '@hyperribbon/autodiff';
import { refuse, requireFiniteEntries, requireLength } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  type Answers,
  isTargeted,
  type Loss,
  type Network,
  requireAnyExamples,
  requireLoss,
  requireSeparateExamples,
  totalWeight,
} from '@hyperribbon/nn';
import { bindShard, planInfo } from '../shards/bindShard.js';
import type { CurvatureKind, CurvatureOperator, OperatorFacts, ShardedCurvatureOperator } from './curvatureOperator.js';
import {
  type CurvatureOptions,
  type NoWorkers,
  type ResolvedOptions,
  resolveOptions,
  resolveWorkers,
  type WorkerOptions,
} from '../curvatureOptions.js';
import { type CutExamples, cutExamples } from '../shards/cutExamples.js';
import { chunkSizeWithin } from './chunkSizeWithin.js';
import { scoped } from './scoped.js';
import { norm } from '../shards/norm.js';
import type { ChunkProduct } from './products.js';
import type { Shard } from '../shards/shard.js';
import { requireVectors, shardedOperator } from '../shards/shardedOperator.js';
import { createTreeSum, scatterPieces } from '@hyperribbon/nn';

/** What one kind of operator adds to the common construction. */
export interface OperatorRecipe {
  readonly kind: CurvatureKind;
  readonly product: ChunkProduct;
  /** answers that the product sees, default those of the examples */
  readonly drawn?: (dtype: Dtype) => Answers;
  /** recorded in the operator's info */
  readonly seed?: number;
}

interface RecipeInput {
  readonly network: Network;
  readonly params: FloatArray;
  readonly examples: AnyExamples;
  readonly loss: Loss;
}

/** How every kind of operator is asked for: with `workers` its examples are shared among threads and its products are promises. */
export interface OperatorMaker<Options extends CurvatureOptions> {
  (
    network: Network,
    params: FloatArray,
    examples: AnyExamples,
    options: Options & WorkerOptions,
  ): ShardedCurvatureOperator;
  (network: Network, params: FloatArray, examples: AnyExamples, options?: Options & NoWorkers): CurvatureOperator;
}

/**
 * The function that makes operators of one kind: it cuts the examples into chunks, plans one program per chunk size, runs what does not
 * depend on the direction, and keeps it within the memory allowed.
 *
 * Sums over chunks are float64 and follow a fixed tree, so results depend on weights, data and chunk size only.
 * @param recipeOf what makes this kind, of checked weights and examples
 * @param own names of the options of this kind alone
 */
export function operatorMaker<Options extends CurvatureOptions>(
  caller: string,
  recipeOf: (input: RecipeInput, options: Options) => OperatorRecipe,
  own: readonly string[] = [],
): OperatorMaker<Options> {
  return ((whole, wholeParams, examples, options = {} as Options & NoWorkers) => {
    const resolved = resolveOptions(caller, options, own);
    const sharing = options.workers === undefined ? undefined : resolveWorkers(caller, options as WorkerOptions);
    requireAnyExamples(caller, whole, examples, resolved.dtype, resolved.loss);
    const { network, params } = scoped(caller, whole, wholeParams, resolved);
    const recipe = recipeOf({ network, params, examples, loss: resolved.loss }, options);
    requireSeparateExamples(caller, network, resolved.deterministic);
    const answers = isTargeted(examples) ? 'targets' : 'labels';
    requireLoss(caller, resolved.loss, network.classes, resolved.dtype, answers);
    // workers may start again later: they need the weights of today
    const weights = sharing === undefined ? params : params.slice();
    const { reduction, dtype, memoryLimit } = resolved;
    const scale = reduction === 'mean' ? 1 / totalWeight(examples) : 1;
    return withinMemory(
      (chunkSize) => cutExamples(caller, network, weights, examples, recipe, { ...resolved, chunkSize }),
      resolved,
      (cut) => {
        const facts: OperatorFacts = {
          kind: recipe.kind,
          network: network.name,
          reduction,
          dtype,
          examples: examples.count,
          chunks: cut.chunks,
          chunkSize: cut.chunkSize,
          ...(resolved.parameters && { parameters: network.parameters.map(({ name }) => name) }),
          ...(recipe.seed === undefined ? {} : { seed: recipe.seed }),
        };
        return sharing === undefined
          ? operatorHere(cut.shard({ from: 0, to: cut.chunks }, memoryLimit), facts, scale)
          : shardedOperator(caller, weights, cut, facts, { scale, memoryLimit, ...sharing });
      },
    );
  }) as OperatorMaker<Options>;
}

/** What is made of the examples in chunks of the size asked for, or in smaller ones where nothing was asked for and memory is short. */
function withinMemory<Operator>(
  cutInto: (chunkSize: number) => CutExamples,
  { chunkSize, anyChunkSize, memoryLimit }: ResolvedOptions,
  make: (cut: CutExamples) => Operator,
): Operator {
  const usual = cutInto(chunkSize);
  try {
    return make(usual);
  } catch (error) {
    if (!anyChunkSize || !(error instanceof MemoryLimitError)) throw error;
    const fitting = chunkSizeWithin({ ...usual, memoryLimit });
    if (fitting === usual.chunkSize) throw error;
    return make(cutInto(fitting));
  }
}

/** The operator of one thread: a product allocates nothing. */
function operatorHere(shard: Shard, facts: OperatorFacts, scale: number): CurvatureOperator {
  const size = shard.params.length;
  const { chunks, dtype } = facts;
  const plan = bindShard(shard);
  const tree = createTreeSum(size, chunks);
  const [lossOutput, ...gradientOutputs] = plan.primal.outputs as readonly FloatArray[];
  const gradient = new Float64Array(size);
  const linearise = (): number => {
    let total = 0;
    for (let chunk = 0; chunk < chunks; chunk++) {
      plan.primal.clear();
      plan.primal.run(chunk);
      total += lossOutput[0];
      tree.add(gradientOutputs);
    }
    tree.total(scale, gradient);
    return scale * total;
  };

  const tangents = plan.tangents as readonly FloatArray[];
  const outputs = plan.tangent.outputs as readonly FloatArray[];
  const { caller, weightArrays } = shard;
  let loss = linearise();
  let matvecs = 0;
  return {
    size,
    dtype,
    get loss() {
      return loss;
    },
    get gradientNorm() {
      return norm(gradient);
    },
    gradient: () => gradient.slice(),
    setWeights(params) {
      if (facts.seed !== undefined)
        refuse(caller, 'setWeights: labels were drawn at the weights before; make an operator at these');
      requireLength(caller, 'params', params, size);
      requireFiniteEntries(caller, 'params', params);
      scatterPieces(params, 0, plan.shared.slice(0, weightArrays) as readonly FloatArray[]);
      loss = linearise();
    },
    get matvecs() {
      return matvecs;
    },
    info: { ...facts, ...planInfo(plan), workers: 1 },
    apply(x, out) {
      requireVectors(caller, size, x, out);
      scatterPieces(x, 0, tangents);
      for (let chunk = 0; chunk < chunks; chunk++) {
        plan.tangent.clear();
        plan.tangent.run(chunk);
        tree.add(outputs);
      }
      tree.total(scale, out);
      matvecs++;
    },
  };
}
