import { add, exp, full, mul, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { refuse } from '@hyperribbon/contract';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
import type { BoundStepOptions } from './boundStepOptions.js';
import { klTensor } from '../gaussian/gaussianPrior.js';
import { fromBasis } from '../gaussian/kroneckerBasis.js';
import { noisyForward } from '../noise/noisyForward.js';
import { basisTensors, turnedMeans, type LayerRotation } from '../noise/rotations.js';
import { objectives } from './objective.js';
import { surrogateRisk } from './surrogate.js';

/** What is optimised, and its gradient: tensors, or views of arrays. */
export interface BoundVariables<T> {
  readonly mean: Readonly<Record<string, T>>;
  readonly logStd: Readonly<Record<string, T>>;
  readonly halfLogs: readonly T[];
}

/** What a run takes beside state and batch: shapes before it is planned, then specs, arrays and tensors. */
export interface BoundInputs<T> {
  /** of all draws, one after the other */
  readonly noise: readonly T[];
  /** by risk and by KL */
  readonly slopes: readonly [T, T];
  /** the batch in the first layer's input basis, or none */
  readonly turned: readonly T[];
  /** of a renewable basis */
  readonly bases: readonly { readonly input?: T; readonly output?: T }[];
}

/** The same of what `map` makes of each. */
export function mapInputs<T, U>({ noise, slopes, turned, bases }: BoundInputs<T>, map: (of: T) => U): BoundInputs<U> {
  return {
    noise: noise.map(map),
    slopes: [map(slopes[0]), map(slopes[1])],
    turned: turned.map(map),
    bases: mapBases(bases, map),
  };
}

function mapBases<T, U>(bases: BoundInputs<T>['bases'], map: (of: T) => U): BoundInputs<U>['bases'] {
  return bases.map(({ input, output }) => ({
    ...(input === undefined ? {} : { input: map(input) }),
    ...(output === undefined ? {} : { output: map(output) }),
  }));
}

export interface BoundTensors {
  readonly value: Tensor;
  readonly risk: Tensor;
  readonly kl: Tensor;
  readonly logits: Tensor;
  readonly gradient: BoundVariables<Tensor>;
}

/** One step as a function of tensors, before it is planned. */
export interface BoundProgram {
  readonly shapes: BoundInputs<readonly number[]>;
  step(variables: BoundVariables<Tensor>, x: Tensor, labels: Tensor, rest: BoundInputs<Tensor>): BoundTensors;
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
    shapes: {
      noise: Array.from({ length: draws }, () => ofOneDraw).flat(),
      slopes: [[], []],
      turned: inWeights && rotatedInputs ? [[batch, network.inputs]] : [],
      bases: renewable ? mapBases(basis?.layers ?? [], square) : [],
    },
    step(variables, x, labels, rest) {
      const rotations: readonly LayerRotation[] = renewable ? rest.bases : constants;
      const logitsOf = ({ mean, logStd }: BoundVariables<Tensor>, draw: number): Tensor => {
        const std = Object.fromEntries(network.parameters.map(({ name }) => [name, exp(logStd[name])]));
        const numbers = rest.noise.slice(draw * ofOneDraw.length, (draw + 1) * ofOneDraw.length);
        if (!inWeights) return forward.logits(mean, std, x, numbers);
        return forward.logits(mean, std, x, numbers, { rotations, meansIn: 'weights', turnedInputs: rest.turned[0] });
      };
      const riskOf = (v: BoundVariables<Tensor>): Tensor => {
        let risk = surrogateRisk(surrogate, logitsOf(v, 0), labels);
        for (let draw = 1; draw < draws; draw++) risk = add(risk, surrogateRisk(surrogate, logitsOf(v, draw), labels));
        return draws === 1 ? risk : mul(1 / draws, risk);
      };
      const klOf = ({ mean, logStd, halfLogs }: BoundVariables<Tensor>): Tensor =>
        klTensor(ownPrior, inWeights && shaped ? turnedMeans(network, mean, rotations) : mean, logStd, halfLogs, dtype);
      const objective = (v: BoundVariables<Tensor>): Tensor =>
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

function square({ length }: FloatArray): readonly number[] {
  return [Math.sqrt(length), Math.sqrt(length)];
}
