import { add, compile, exp, float32, float64, full, int32, mul, vjp } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { Dtype, FloatArray, KernelInfo } from '@hyperribbon/kernels';
import { unflatten, type Network, type ParameterTensors } from '@hyperribbon/nn';
import type { KroneckerBasis, LayerBasis } from './gaussianPosterior.js';
import { klTensor, type PriorFamily } from './gaussianPrior.js';
import { fromBasis } from './kroneckerBasis.js';
import { drawnLogits, localLogits, turnedMeans, type LayerRotation, type MeanCoordinates } from './localLogits.js';
import { basisTensors, noisyForward, type NoiseKind } from './noisyForward.js';
import { objectiveTensor, surrogateRisk } from './objective.js';
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

interface Variables {
  readonly mean: ParameterTensors;
  readonly logStd: ParameterTensors;
  readonly halfLogs: readonly Tensor[];
}

/** What a run takes beside state and batch. */
interface Rest {
  readonly noise: readonly Tensor[];
  readonly weights: readonly [Tensor, Tensor];
  readonly turned: readonly Tensor[];
  readonly bases: readonly LayerRotation[];
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
    draws = 1,
    meansIn = 'basis',
    renewable = false,
  }: BoundStepOptions,
): BoundStep {
  const spec = dtype === 'float64' ? float64 : float32;
  const make = (length: number): FloatArray =>
    dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  const forward = noisyForward(network, { basis, rotatedInputs, dtype, ...(kind === undefined ? {} : { kind }) });
  const shapes = Array.from({ length: draws }, () => forward.noiseShapes(batch)).flat();
  const perDraw = shapes.length / draws;
  const widths = network.dense?.widths ?? [];
  const inWeights = basis !== undefined && (meansIn === 'weights' || renewable);
  const shaped = prior.tensors.some((tensor) => tensor.shaped !== undefined);
  if (renewable && (shaped || basis === undefined)) {
    throw new TypeError('planBoundStep: a renewable basis needs a basis to begin with and a prior without a pattern');
  }
  const constants = inWeights && !renewable ? basisTensors(widths, basis, dtype) : [];
  // an isotropic prior does not see the basis: its KL needs no turning
  const ownPrior =
    inWeights && !renewable && !shaped ? { ...prior, mean: fromBasis(network, prior.mean, basis) } : prior;
  const parameters = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, spec(...shape)]));
  const first = prior.scales[0];
  const turnedInputs = inWeights && rotatedInputs ? make(batch * network.inputs) : undefined;
  const bases = renewable ? (basis?.layers ?? []).map((layer) => mapSides(layer, ({ length }) => make(length))) : [];
  const step = (variables: Variables, x: Tensor, labels: Tensor, rest: Rest) => {
    const rotations: readonly LayerRotation[] = renewable ? rest.bases : constants;
    const logitsOf = ({ mean, logStd }: Variables, draw: number): Tensor => {
      const std = Object.fromEntries(network.parameters.map(({ name }) => [name, exp(logStd[name])]));
      const numbers = rest.noise.slice(draw * perDraw, (draw + 1) * perDraw);
      if (!inWeights) return forward.logits(mean, std, x, numbers);
      const pass = { rotations, meansIn: 'weights' } as const;
      if (forward.kind === 'weights') return drawnLogits(network, mean, std, x, numbers, pass);
      return localLogits(network, mean, std, x, numbers, { ...pass, turnedInputs: rest.turned[0] });
    };
    const riskOf = (v: Variables): Tensor => {
      let risk = surrogateRisk(surrogate, logitsOf(v, 0), labels);
      for (let draw = 1; draw < draws; draw++) risk = add(risk, surrogateRisk(surrogate, logitsOf(v, draw), labels));
      return draws === 1 ? risk : mul(1 / draws, risk);
    };
    const klOf = ({ mean, logStd, halfLogs }: Variables): Tensor =>
      klTensor(ownPrior, inWeights && shaped ? turnedMeans(mean, rotations) : mean, logStd, halfLogs, dtype);
    const objective = (v: Variables): Tensor =>
      objectiveTensor(setting, riskOf(v), klOf(v), rest.weights, {
        halfLog: v.halfLogs[0],
        ...first.grid,
      });
    // written twice: the planner shares the two forward passes
    const value = objective(variables);
    const [, [gradient]] = vjp(objective)([variables], onesOf(value));
    return { value, risk: riskOf(variables), kl: klOf(variables), logits: logitsOf(variables, 0), gradient };
  };
  const planned = compile(
    step,
    [
      { mean: parameters, logStd: parameters, halfLogs: prior.scales.map(() => spec()) },
      spec(batch, network.inputs),
      int32(batch),
      {
        noise: shapes.map((shape) => spec(...shape)),
        weights: [spec(), spec()],
        turned: turnedInputs === undefined ? [] : [spec(batch, network.inputs)],
        bases: bases.map((layer) => mapSides(layer, (side) => spec(Math.sqrt(side.length), Math.sqrt(side.length)))),
      },
    ],
    { deterministic },
  );
  const inputs = make(batch * network.inputs);
  const labels = new Int32Array(batch);
  const noise = shapes.map((shape) => make(shape.reduce((product, extent) => product * extent, 1)));
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

function onesOf(value: Tensor): Tensor {
  return full([], 1, value.dtype as Dtype);
}
