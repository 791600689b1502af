import { compile, float32, float64, int32 } from '@hyperribbon/autodiff';
import { floatArray } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import { parameterSpecs, sizeOf, unflatten, type LabelledGradientStep, type Network } from '@hyperribbon/nn';
import type { LayerBasis } from '../gaussian/gaussianPosterior.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';
import { boundProgram, mapInputs, type BoundVariables } from './boundProgram.js';
import type { BoundStepOptions, BoundStepResult } from './boundStepOptions.js';

/** What is optimised, flat, and its gradient: mean (size,), ln std (size,), ½ ln of the prior scales (k,). */
export interface BoundStep extends Omit<LabelledGradientStep, 'run'> {
  /** standard normal numbers: write them before a run */
  readonly noise: readonly FloatArray[];
  /** the same examples in the first layer's input basis, where means are in the weights and `rotatedInputs` was asked for */
  readonly turnedInputs?: FloatArray;
  /** matrices of a renewable basis, layer by layer: write them before the first run and whenever they change */
  readonly bases: readonly LayerBasis[];
  readonly bytes: number;
  /**
   * Value, risk and KL at this state; logits (batch, classes), of the first draw, are valid until the next run. Allocates nothing that grows.
   *
   * @param slopes by risk and by KL, for the objectives that hold them fixed during an epoch
   */
  run(state: FloatArray, slopes: readonly [number, number]): BoundStepResult;
}

/** Plans one step of the bound's optimisation: compiled once, nothing is allocated per step. */
export function planBoundStep(network: Network, options: BoundStepOptions): BoundStep {
  const { prior, batch, dtype, deterministic } = options;
  const { shapes, step } = boundProgram(network, options);
  const make = (shape: readonly number[]): FloatArray => floatArray(dtype, sizeOf(shape));
  const spec = dtype === 'float64' ? float64 : float32;
  const parameters = parameterSpecs(network, dtype);
  const variables = { mean: parameters, logStd: parameters, halfLogs: prior.scales.map(() => spec()) };
  const rest = mapInputs(shapes, make);
  const planned = compile(
    step,
    [variables, spec(batch, network.inputs), int32(batch), { ...mapInputs(shapes, (shape) => spec(...shape)) }],
    { deterministic },
  );
  const inputs = make([batch, network.inputs]);
  const labels = new Int32Array(batch);
  const gradient = make([2 * network.size + prior.scales.length]);
  const gradientViews = stateViews(network, prior, gradient);
  const { noise, bases, turned, slopes: slopeValues } = rest;
  let state: FloatArray | undefined;
  let views = gradientViews;
  return {
    inputs,
    labels,
    noise,
    ...(turned.length === 0 ? {} : { turnedInputs: turned[0] }),
    bases,
    gradient,
    flops: planned.plan.flops,
    bytes: planned.plan.bytes,
    kernels: planned.kernels,
    run(current, slopes) {
      if (state !== current) {
        state = current;
        views = stateViews(network, prior, current);
      }
      slopeValues[0][0] = slopes[0];
      slopeValues[1][0] = slopes[1];
      const result = planned(views as never, inputs, labels, rest as never);
      const found = result.gradient as unknown as BoundVariables<FloatArray>;
      for (const { name } of network.parameters) {
        gradientViews.mean[name].set(found.mean[name]);
        gradientViews.logStd[name].set(found.logStd[name]);
      }
      for (let i = 0; i < found.halfLogs.length; i++) gradientViews.halfLogs[i].set(found.halfLogs[i]);
      return {
        value: (result.value as FloatArray)[0],
        risk: (result.risk as FloatArray)[0],
        kl: (result.kl as FloatArray)[0],
        logits: result.logits as FloatArray,
      };
    },
  };
}

function stateViews(network: Network, prior: PriorFamily, state: FloatArray): BoundVariables<FloatArray> {
  const { size } = network;
  return {
    mean: unflatten(network, state.subarray(0, size)),
    logStd: unflatten(network, state.subarray(size, 2 * size)),
    halfLogs: prior.scales.map((_, i) => state.subarray(2 * size + i, 2 * size + i + 1)),
  };
}
