import { add, exp, full, mul, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { refuse } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import type { Network, ParameterTensors } from '@hyperribbon/nn';
import type { BoundStepOptions } from './boundStepOptions.js';
import { klTensor } from '../gaussian/gaussianPrior.js';
import { fromBasis } from '../gaussian/kroneckerBasis.js';
import { noisyForward } from '../noise/noisyForward.js';
import { basisTensors, turnedMeans, type LayerRotation } from '../noise/rotations.js';
import { objectives } from './objective.js';
import { surrogateRisk } from './surrogate.js';

/** What is optimised. */
export interface BoundVariables {
  readonly mean: ParameterTensors;
  readonly logStd: ParameterTensors;
  readonly halfLogs: readonly Tensor[];
}

/** What a run takes beside state and batch. */
export interface BoundInputs {
  readonly noise: readonly Tensor[];
  readonly slopes: readonly [Tensor, Tensor];
  readonly turned: readonly Tensor[];
  readonly bases: readonly LayerRotation[];
}

export interface BoundTensors {
  readonly value: Tensor;
  readonly risk: Tensor;
  readonly kl: Tensor;
  readonly logits: Tensor;
  readonly gradient: BoundVariables;
}

/** One step as a function of tensors, before it is planned. */
export interface BoundProgram {
  /** of the noise of all draws, one after the other */
  readonly noiseShapes: readonly (readonly number[])[];
  /** means are in the weights' coordinates although there is a basis */
  readonly inWeights: boolean;
  step(variables: BoundVariables, x: Tensor, labels: Tensor, rest: BoundInputs): BoundTensors;
}

/** Objective, risk, KL, logits of the first draw, and the objective's gradient, for what `planBoundStep` was asked. */
export function boundProgram(
  network: Network,
  {
    prior,
    basis,
    setting,
    surrogate,
    batch,
    dtype,
    noise: kind,
    rotatedInputs = false,
    draws = 1,
    meansIn = 'basis',
    renewable = false,
  }: BoundStepOptions,
): BoundProgram {
  const shaped = prior.tensors.some((tensor) => tensor.shaped !== undefined);
  if (renewable && (shaped || basis === undefined)) {
    refuse('planBoundStep', 'a renewable basis needs a basis to begin with and a prior without a pattern');
  }
  const forward = noisyForward(network, { basis, rotatedInputs, dtype, ...(kind === undefined ? {} : { kind }) });
  const ofOneDraw = forward.noiseShapes(batch);
  const inWeights = basis !== undefined && (meansIn === 'weights' || renewable);
  const constants = inWeights && !renewable ? basisTensors('planBoundStep', network, basis, dtype) : [];
  // an isotropic prior does not see the basis: its KL needs no turning
  const ownPrior =
    inWeights && !renewable && !shaped ? { ...prior, mean: fromBasis(network, prior.mean, basis) } : prior;
  const { grid } = prior.scales[0];
  return {
    noiseShapes: Array.from({ length: draws }, () => ofOneDraw).flat(),
    inWeights,
    step(variables, x, labels, rest) {
      const rotations: readonly LayerRotation[] = renewable ? rest.bases : constants;
      const logitsOf = ({ mean, logStd }: BoundVariables, draw: number): Tensor => {
        const std = Object.fromEntries(network.parameters.map(({ name }) => [name, exp(logStd[name])]));
        const numbers = rest.noise.slice(draw * ofOneDraw.length, (draw + 1) * ofOneDraw.length);
        if (!inWeights) return forward.logits(mean, std, x, numbers);
        return forward.logits(mean, std, x, numbers, { rotations, meansIn: 'weights', turnedInputs: rest.turned[0] });
      };
      const riskOf = (v: BoundVariables): Tensor => {
        let risk = surrogateRisk(surrogate, logitsOf(v, 0), labels);
        for (let draw = 1; draw < draws; draw++) risk = add(risk, surrogateRisk(surrogate, logitsOf(v, draw), labels));
        return draws === 1 ? risk : mul(1 / draws, risk);
      };
      const klOf = ({ mean, logStd, halfLogs }: BoundVariables): Tensor =>
        klTensor(ownPrior, inWeights && shaped ? turnedMeans(network, mean, rotations) : mean, logStd, halfLogs, dtype);
      const objective = (v: BoundVariables): Tensor =>
        objectives[setting.objective].tensor(setting, riskOf(v), klOf(v), rest.slopes, {
          halfLog: v.halfLogs[0],
          ...grid,
        });
      // written twice: the planner shares the two forward passes
      const value = objective(variables);
      const [, [gradient]] = vjp(objective)([variables], full([], 1, value.dtype as Dtype));
      return { value, risk: riskOf(variables), kl: klOf(variables), logits: logitsOf(variables, 0), gradient };
    },
  };
}
