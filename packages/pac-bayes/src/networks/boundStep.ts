import { compile, exp, float32, float64, full, int32, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { unflatten, type Network, type ParameterTensors } from '@hyperribbon/nn';
import type { KroneckerBasis } from './gaussianPosterior.js';
import { klTensor, type PriorFamily } from './gaussianPrior.js';
import { noisyForward, type NoiseKind } from './noisyForward.js';
import { objectiveTensor, surrogateRisk, type ObjectiveSetting, type Surrogate } from './objective.js';

/** What is optimised, flat: mean (size,), ln std (size,), ½ ln of the prior scales (k,). */
export interface BoundStep {
  /** write here before a run: (batch, features), (batch,), and standard normal numbers */
  readonly inputs: FloatArray;
  readonly labels: Int32Array;
  readonly noise: readonly FloatArray[];
  /** like the state, after a run */
  readonly gradient: FloatArray;
  readonly flops: number;
  readonly bytes: number;
  readonly kernels: KernelInfo;
  /** Value, risk and KL at this state; logits (batch, classes) are valid until the next run. Allocates nothing that grows. */
  run(state: FloatArray, weights: readonly [number, number]): BoundStepResult;
}

export interface BoundStepResult {
  readonly value: number;
  readonly risk: number;
  readonly kl: number;
  readonly logits: FloatArray;
}

export interface BoundStepOptions {
  readonly prior: PriorFamily;
  readonly basis?: KroneckerBasis | undefined;
  readonly setting: ObjectiveSetting;
  readonly surrogate: Surrogate;
  readonly batch: number;
  readonly dtype: Dtype;
  readonly deterministic: boolean;
  readonly noise?: NoiseKind;
  readonly rotatedInputs?: boolean;
}

interface Variables {
  readonly mean: ParameterTensors;
  readonly logStd: ParameterTensors;
  readonly halfLogs: readonly Tensor[];
}

/** Plans one step of the bound's optimisation: compiled once, nothing is allocated per step. */
export function planBoundStep(
  network: Network,
  {
    prior,
    basis,
    setting,
    surrogate,
    batch,
    dtype,
    deterministic,
    noise: kind,
    rotatedInputs = false,
  }: BoundStepOptions,
): BoundStep {
  const spec = dtype === 'float64' ? float64 : float32;
  const make = (length: number): FloatArray =>
    dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  const forward = noisyForward(network, {
    basis,
    rotatedInputs,
    dtype,
    ...(kind === undefined ? {} : { kind }),
  });
  const shapes = forward.noiseShapes(batch);
  const parameters = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, spec(...shape)]));
  const first = prior.scales[0];
  const step = (
    variables: Variables,
    x: Tensor,
    labels: Tensor,
    rest: { readonly noise: readonly Tensor[]; readonly weights: readonly [Tensor, Tensor] },
  ) => {
    const logitsOf = ({ mean, logStd }: Variables): Tensor => {
      const std = Object.fromEntries(network.parameters.map(({ name }) => [name, exp(logStd[name])]));
      return forward.logits(mean, std, x, rest.noise);
    };
    const klOf = ({ mean, logStd, halfLogs }: Variables): Tensor => klTensor(prior, mean, logStd, halfLogs, dtype);
    const objective = (v: Variables): Tensor =>
      objectiveTensor(setting, surrogateRisk(surrogate, logitsOf(v), labels), klOf(v), rest.weights, {
        halfLog: v.halfLogs[0],
        ...first.grid,
      });
    // written twice: the planner shares the two forward passes
    const value = objective(variables);
    const [, [gradient]] = vjp(objective)([variables], onesOf(value));
    const logits = logitsOf(variables);
    return { value, risk: surrogateRisk(surrogate, logits, labels), kl: klOf(variables), logits, gradient };
  };
  const planned = compile(
    step,
    [
      { mean: parameters, logStd: parameters, halfLogs: prior.scales.map(() => spec()) },
      spec(batch, network.inputs),
      int32(batch),
      { noise: shapes.map((shape) => spec(...shape)), weights: [spec(), spec()] },
    ],
    { deterministic },
  );
  const inputs = make(batch * network.inputs);
  const labels = new Int32Array(batch);
  const noise = shapes.map((shape) => make(shape.reduce((product, extent) => product * extent, 1)));
  const gradient = make(2 * network.size + prior.scales.length);
  const gradientViews = stateViews(network, prior, gradient);
  const weightValues: [FloatArray, FloatArray] = [make(1), make(1)];
  const rest = { noise, weights: weightValues };
  let state: FloatArray | undefined;
  let views = gradientViews;
  return {
    inputs,
    labels,
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

function onesOf(value: Tensor): Tensor {
  return full([], 1, value.dtype as Dtype);
}
