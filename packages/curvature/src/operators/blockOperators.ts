import { requireOneOf } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import {
  type AnyExamples,
  chosenParameters,
  type LayerBlock,
  layerBlocks,
  type Network,
  requireWeights,
} from '@hyperribbon/nn';
import type { CurvatureOptions, NoWorkers } from '../curvatureOptions.js';
import type { OperatorMaker } from './buildOperator.js';
import type { CurvatureOperator } from './curvatureOperator.js';
import { type FisherOptions, fisher } from './fisher.js';
import { gaussNewton } from './gaussNewton.js';
import { hessian } from './hessian.js';
import { type LogitJacobianOptions, logitJacobian } from './logitJacobian.js';

/** The operator of one layer's parameters, a diagonal block of the whole. */
export interface BlockOperator extends LayerBlock {
  readonly operator: CurvatureOperator;
}

/** What each of the operators takes; an option that the kind does not know is refused. */
type BlockOptions = CurvatureOptions & FisherOptions & LogitJacobianOptions;

const makers: Readonly<Record<'hessian' | 'gaussNewton' | 'fisher' | 'logitJacobian', OperatorMaker<BlockOptions>>> = {
  hessian,
  gaussNewton,
  fisher,
  logitJacobian,
};

/**
 * The diagonal blocks of a curvature matrix, one operator for each layer of the network: layers as {@link layerBlocks} finds them, or those of the
 * parameters that `parameters` chooses. Vectors of a block hold its layer's parameters alone.
 *
 * A block linearises what its layer feeds and no more, so that the products of all blocks together cost less than one product of the whole matrix
 * for each. An operator is made when the loop comes to it: with one at a time memory is that of the largest block.
 *
 * @param kind which matrix; its options go along
 * @param params flat weights (size,)
 * @returns blocks in the order of the layers, made one by one: spread it to have all at once
 * @throws as the operator
 * Cost: that of each operator, whose forward pass is run once for each layer.
 * @example
 * for (const { name, operator } of blockOperators('gaussNewton', net, run.params, digits.train)) {
 *   const { values } = await eigsh(operator, { k: 3 });
 *   console.log(name, values);
 * }
 */
export function* blockOperators(
  kind: 'hessian' | 'gaussNewton' | 'fisher' | 'logitJacobian',
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  { parameters, ...options }: BlockOptions & NoWorkers = {},
): Generator<BlockOperator, undefined> {
  const caller = 'blockOperators';
  requireOneOf(caller, 'kind', kind, ['hessian', 'gaussNewton', 'fisher', 'logitJacobian']);
  requireWeights(caller, 'params', network, params);
  const chosen = chosenParameters(caller, network, parameters ?? (() => true));
  const names = new Set(network.parameters.flatMap(({ name }, i) => (chosen.has(i) ? [name] : [])));
  for (const block of layerBlocks(network)) {
    const own = block.parameters.filter((name) => names.has(name));
    if (own.length === 0) continue;
    const operator = makers[kind](network, params, examples, { ...options, parameters: own });
    yield { name: block.name, parameters: own, size: operator.size, operator };
  }
}
