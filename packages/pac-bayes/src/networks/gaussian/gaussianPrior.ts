import { floatArray, refuse, requireFiniteEntries } from '@hyperribbon/contract';
import { add, constant, div, exp, log, mul, reshape, square, sub, sum } from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import { exp as expOf, type Dtype, type FloatArray } from '@hyperribbon/kernels';
import { networkProgram, sizeOf, unflatten, type Network, type ParameterTensors } from '@hyperribbon/nn';
import { requireBasisLayers } from './basisLayers.js';
import { requireSides } from './gaussianPosterior.js';
import { requireGaussianWeights } from './requireGaussian.js';
import type { ScaleGrid } from '../../theorems/penalties.js';
import { parameterTensors, type PriorFamily, type PriorTensor } from './priorFamily.js';

export interface IsotropicOptions {
  /** which weights share a variance, default `all` */
  readonly groups?: 'all' | 'layer';
  /** default b = 100, c = 0.1 [dziugaite2017] */
  readonly grid?: ScaleGrid;
  /** default e⁻⁶, standard deviation e⁻³ [dziugaite2017] */
  readonly start?: number;
  /** keep `start`, which then must not depend on the bound's examples, and pay for no grid; default false */
  readonly fixed?: boolean;
}

/** N(mean, λ I), which goes with any posterior: Methods 2 and 3 [yang2022]; or one λ for each layer. */
export function isotropicPrior(
  network: Network,
  mean: FloatArray,
  { groups = 'all', grid = { b: 100, c: 0.1 }, start = expOf(-6), fixed = false }: IsotropicOptions = {},
): PriorFamily {
  requireGaussianWeights('isotropicPrior', 'mean', network, mean);
  if (!fixed) requireOnGrid('isotropicPrior', 'start', start, grid);
  const layers = groups === 'all' ? network.parameters.map(() => 'all weights') : layerNames(network);
  const names = [...new Set(layers)];
  return {
    network,
    mean,
    shape: groups === 'all' ? 'isotropic' : 'layered',
    scales: names.map((name) => ({ name, grid, start, fixed })),
    tensors: layers.map((name) => ({ flat: names.indexOf(name) })),
  };
}

/** Eigenvalues of a Kronecker-factored curvature, layer by layer, descending or not: weights get input_i · output_j, biases output_j. */
export interface KroneckerSpectrum {
  readonly layers: readonly { readonly input: Float64Array; readonly output: Float64Array }[];
}

/** Of priors whose variance grows with the curvature: a flat part and a shaped one. */
export interface CurvaturePriorOptions {
  /** of the flat part, or of the directions without curvature; default b = 10, c = 1 */
  readonly grid?: ScaleGrid;
  /** along the curvature, default b = 10, c = 10⁴: λ_shaped is the variance along the stiffest direction */
  readonly shapedGrid?: ScaleGrid;
  /** default e⁻⁶ */
  readonly start?: number;
  /** default 0.1 */
  readonly shapedStart?: number;
}

export interface KroneckerPriorOptions extends CurvaturePriorOptions {
  /** which layers share scales, default `all` */
  readonly groups?: 'all' | 'layer';
}

/**
 * Method 4's prior [yang2022]: variance λ_flat + λ_shaped E along the eigenvectors of a Kronecker-factored Fisher matrix of held-out
 * inputs, E its eigenvalues divided by the largest of the network (of the layer, for `groups: 'layer'`). Negative eigenvalues, which are rounding, count as 0.
 *
 * Parameters that belong to no layer have the flat variance only, of the first group. Variance grows with curvature: along stiff directions the weights travel most.
 */
export function kroneckerPrior(
  network: Network,
  mean: FloatArray,
  spectrum: KroneckerSpectrum,
  { groups = 'all', ...options }: KroneckerPriorOptions = {},
): PriorFamily {
  const { grid, shapedGrid, start, shapedStart } = resolveCurvaturePrior(options);
  requireGaussianWeights('kroneckerPrior', 'mean', network, mean);
  requireOnGrid('kroneckerPrior', 'start', start, grid);
  requireOnGrid('kroneckerPrior', 'shapedStart', shapedStart, shapedGrid);
  const layers = requireBasisLayers('kroneckerPrior', network);
  requireSides('kroneckerPrior', 'spectrum', network, spectrum, (width) => width);
  const clipped = spectrum.layers.map(({ input, output }) => ({
    input: input.map((v) => Math.max(v, 0)),
    output: output.map((v) => Math.max(v, 0)),
  }));
  // a bias sees the constant input 1: its eigenvalues are those of the output factor
  const tops = clipped.map(({ input, output }) => Math.max(1, ...input) * Math.max(0, ...output));
  const whole = Math.max(...tops);
  const names = groups === 'all' ? ['all layers'] : tops.map((_, l) => `layer ${l + 1}`);
  const scales = names.flatMap((name) => [
    { name: `${name}, flat`, grid, start },
    { name: `${name}, along the curvature`, grid: shapedGrid, start: shapedStart },
  ]);
  const tensors = network.parameters.map(({ name }): PriorTensor => {
    const l = layers.findIndex(({ weight, bias }) => name === weight || name === bias);
    if (l < 0) return { flat: 0 };
    const group = groups === 'all' ? 0 : 2 * l;
    const top = groups === 'all' ? whole : tops[l];
    const columns = clipped[l].output.map((v) => v / top);
    const rows = name === layers[l].weight ? { rows: clipped[l].input } : {};
    return { flat: group, shaped: { scale: group + 1, ...rows, columns } };
  });
  return { network, mean, shape: groups === 'all' ? 'kronecker' : 'kronecker-layered', scales, tensors };
}

/**
 * Method 4's prior for networks without Kronecker factors [yang2022, released scripts]: variance (L_i + ε₁)/a along the leading
 * eigenvectors of a Fisher matrix, ε₂/a in all other directions.
 *
 * Written here with λ_shaped = L₁/a, λ_along = ε₁/a, λ_others = ε₂/a, which are the same priors; each of the three has a grid
 * of variances, and the union over all three is paid for. Negative eigenvalues, which are rounding, count as 0.
 *
 * @param eigenvalues (k,) of the Fisher matrix, of inputs beside the bound's examples
 */
export function curvaturePrior(
  network: Network,
  mean: FloatArray,
  eigenvalues: ArrayLike<number>,
  options: CurvaturePriorOptions = {},
): PriorFamily {
  const { grid, shapedGrid, start, shapedStart } = resolveCurvaturePrior(options);
  requireGaussianWeights('curvaturePrior', 'mean', network, mean);
  requireOnGrid('curvaturePrior', 'start', start, grid);
  requireOnGrid('curvaturePrior', 'shapedStart', shapedStart, shapedGrid);
  requireFiniteEntries('curvaturePrior', 'eigenvalues', eigenvalues);
  const top = Math.max(0, ...Array.from(eigenvalues));
  if (!(top > 0)) refuse('curvaturePrior', 'eigenvalues must have a positive one');
  const columns = Float64Array.from(eigenvalues, (value) => Math.max(value, 0) / top);
  return {
    network,
    mean,
    shape: 'directions',
    scales: [
      { name: 'other directions', grid, start },
      { name: 'directions, flat', grid: shapedGrid, start },
      { name: 'directions, along the curvature', grid: shapedGrid, start: shapedStart },
    ],
    tensors: [{ flat: 1, shaped: { scale: 2, columns } }, { flat: 0 }],
    directions: true,
  };
}

/** A start above the whole grid would be held at its end without a word. */
function requireOnGrid(caller: string, name: string, start: number, { b, c }: ScaleGrid): void {
  if (start > 0 && start <= c) return;
  refuse(caller, `${name} must be positive and at most c = ${c}, where its grid c exp(-j/${b}) ends, got ${start}`);
}

function resolveCurvaturePrior({
  grid = { b: 10, c: 1 },
  shapedGrid = { b: 10, c: 1e4 },
  start = expOf(-6),
  shapedStart = 0.1,
}: CurvaturePriorOptions): Required<CurvaturePriorOptions> {
  return { grid, shapedGrid, start, shapedStart };
}

/** KL(Q||P) as a tensor; `halfLogs` are ½ ln of the scales. */
export function klTensor(
  prior: PriorFamily,
  mean: ParameterTensors,
  logStd: ParameterTensors,
  halfLogs: readonly Tensor[],
  dtype: Dtype,
): Tensor {
  const known = (values: ArrayLike<number>, shape: readonly number[]): Tensor =>
    constant(floatArray(dtype, values), shape);
  const starts = unflatten(prior.network, prior.mean);
  const tensors = parameterTensors('klTensor', prior);
  let total: Tensor | undefined;
  prior.network.parameters.forEach(({ name, shape }, index) => {
    const length = sizeOf(shape);
    const start = known(starts[name], shape);
    const { flat, shaped } = tensors[index];
    const displacement = square(sub(mean[name], start));
    const variance = exp(mul(2, logStd[name]));
    const flatVariance = exp(mul(2, halfLogs[flat]));
    let sums: Tensor;
    if (shaped === undefined) {
      // Σ (q + d²)/λ − Σ ln q + p ln λ − p
      const spread = div(sum(add(variance, displacement)), flatVariance);
      const logs = sub(mul(2, sum(logStd[name])), mul(2 * length, halfLogs[flat]));
      sums = sub(sub(spread, logs), length);
    } else {
      const columns = known(shaped.columns, shape.length === 2 ? [1, shape[1]] : shape);
      const pattern =
        shaped.rows === undefined ? columns : mul(reshape(known(shaped.rows, [shape[0]]), [shape[0], 1]), columns);
      const s = add(flatVariance, mul(exp(mul(2, halfLogs[shaped.scale])), pattern));
      const terms = sub(add(div(add(variance, displacement), s), log(s)), mul(2, logStd[name]));
      sums = sub(sum(terms), length);
    }
    total = total === undefined ? sums : add(total, sums);
  });
  if (total === undefined) refuse('klTensor', 'the network has no parameters');
  return mul(0.5, total);
}

/** A layer's name for each parameter: a bias belongs to its weights, bn1.weight and bn1.bias belong together. */
function layerNames(network: Network): string[] {
  const { maps } = networkProgram(network, 2);
  return network.parameters.map((_, i) => {
    const map = maps.find(({ weight, bias }) => weight === i || bias === i);
    const { name } = network.parameters[map?.weight ?? i];
    return `layer ${/^W(\d+)$/.exec(name)?.[1] ?? name.split('.')[0]}`;
  });
}
