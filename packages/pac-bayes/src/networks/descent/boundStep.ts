import { compile, float32, float64, int32 } from '@hyperribbon/autodiff';
import type { FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { unflatten, type Network } from '@hyperribbon/nn';
import { boundProgram } from './boundProgram.js';
import type { KroneckerBasis, LayerBasis } from '../gaussian/gaussianPosterior.js';
import type { PriorFamily } from '../gaussian/gaussianPrior.js';
import type { MeanCoordinates } from '../noise/localLogits.js';
import type { NoiseKind } from '../noise/noisyForward.js';
import type { StepSetting } from './stepSetting.js';

/** What is optimised, flat: mean (size,), ln std (size,), ½ ln of the prior scales (k,). */
export interface BoundStep {
  /** write here before a run: (batch, features), (batch,), and standard normal numbers */
  readonly inputs: FloatArray;
  /** the same examples in the first layer's input basis, where means are in the weights and `rotatedInputs` was asked for */
  readonly turnedInputs?: FloatArray;
  readonly labels: Int32Array;
  /** matrices of a renewable basis, layer by layer: write them before the first run and whenever they change */
  readonly bases: readonly LayerBasis[];
  readonly noise: readonly FloatArray[];
  /** like the state, after a run */
  readonly gradient: FloatArray;
  readonly flops: number;
  readonly bytes: number;
  readonly kernels: KernelInfo;
  /** Value, risk and KL at this state; logits (batch, classes), of the first draw, are valid until the next run. Allocates nothing that grows. */
  run(state: FloatArray, weights: readonly [number, number]): BoundStepResult;
}

export interface BoundStepResult {
  readonly value: number;
  readonly risk: number;
  readonly kl: number;
  readonly logits: FloatArray;
}

export interface BoundStepOptions extends Omit<StepSetting, 'draws'> {
  readonly prior: PriorFamily;
  readonly basis?: KroneckerBasis | undefined;
  readonly noise?: NoiseKind;
  /** inputs come in the first layer's input basis: in `inputs`, or beside them in `turnedInputs` where means are in the weights */
  readonly rotatedInputs?: boolean;
  /** draws that the risk of a step is averaged over, each with noise of its own; default 1 */
  readonly draws?: number;
  /** coordinates of the means in the state; default `basis` */
  readonly meansIn?: MeanCoordinates;
  /** the basis may change between runs; means and prior are then in the weights' coordinates. Default false */
  readonly renewable?: boolean;
}

/** Plans one step of the bound's optimisation: compiled once, nothing is allocated per step. */
export function planBoundStep(network: Network, options: BoundStepOptions): BoundStep {
  const { prior, basis, batch, dtype, deterministic, rotatedInputs = false, renewable = false } = options;
  const spec = dtype === 'float64' ? float64 : float32;
  const make = (length: number): FloatArray =>
    dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  const { step, noiseShapes, inWeights } = boundProgram(network, options);
  const parameters = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, spec(...shape)]));
  const turnedInputs = inWeights && rotatedInputs ? make(batch * network.inputs) : undefined;
  const bases = renewable ? (basis?.layers ?? []).map((layer) => mapSides(layer, ({ length }) => make(length))) : [];
  const planned = compile(
    step,
    [
      { mean: parameters, logStd: parameters, halfLogs: prior.scales.map(() => spec()) },
      spec(batch, network.inputs),
      int32(batch),
      {
        noise: noiseShapes.map((shape) => spec(...shape)),
        weights: [spec(), spec()],
        turned: turnedInputs === undefined ? [] : [spec(batch, network.inputs)],
        bases: bases.map((layer) => mapSides(layer, (side) => spec(Math.sqrt(side.length), Math.sqrt(side.length)))),
      },
    ],
    { deterministic },
  );
  const inputs = make(batch * network.inputs);
  const labels = new Int32Array(batch);
  const noise = noiseShapes.map((shape) => make(shape.reduce((product, extent) => product * extent, 1)));
  const gradient = make(2 * network.size + prior.scales.length);
  const gradientViews = stateViews(network, prior, gradient);
  const weightValues: [FloatArray, FloatArray] = [make(1), make(1)];
  const rest = { noise, weights: weightValues, turned: turnedInputs === undefined ? [] : [turnedInputs], bases };
  let state: FloatArray | undefined;
  let views = gradientViews;
  return {
    inputs,
    ...(turnedInputs === undefined ? {} : { turnedInputs }),
    labels,
    bases,
    noise,
    gradient,
    flops: planned.plan.flops,
    bytes: planned.plan.bytes,
    kernels: planned.kernels,
    run(current, weights) {
      if (state !== current) {
        state = current;
        views = stateViews(network, prior, current);
      }
      weightValues[0][0] = weights[0];
      weightValues[1][0] = weights[1];
      const result = planned(views as never, inputs, labels, rest as never);
      const found = result.gradient as unknown as StateViews;
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

interface StateViews {
  readonly mean: Readonly<Record<string, FloatArray>>;
  readonly logStd: Readonly<Record<string, FloatArray>>;
  readonly halfLogs: readonly FloatArray[];
}

function stateViews(network: Network, prior: PriorFamily, state: FloatArray): StateViews {
  const { size } = network;
  return {
    mean: unflatten(network, state.subarray(0, size)),
    logStd: unflatten(network, state.subarray(size, 2 * size)),
    halfLogs: prior.scales.map((_, i) => state.subarray(2 * size + i, 2 * size + i + 1)),
  };
}

function mapSides<T>({ input, output }: LayerBasis, map: (side: FloatArray) => T): { input?: T; output?: T } {
  return {
    ...(input === undefined ? {} : { input: map(input) }),
    ...(output === undefined ? {} : { output: map(output) }),
  };
}
