import {
  AbortError,
  refuse,
  requireEach,
  requireFloatArray,
  requireNoOthers,
  requireOneOf,
  requirePositive,
  requireSeed,
  type OnProgress,
} from '@hyperribbon/contract';
import { type CurvatureOperator, hessian } from '@hyperribbon/curvature';
import { type FloatArray, log } from '@hyperribbon/kernels';
import { eigsh } from '@hyperribbon/lanczos';
import { fromDense, materialize } from '@hyperribbon/linop';
import {
  type AnyExamples,
  lossFromData,
  logits,
  type Network,
  networkProgram,
  requireAnyExamples,
} from '@hyperribbon/nn';
import { type AffineExamples, affineExamples, type AffineLoss, type AffineModel } from './affineExamples.js';
import { otherOperation } from './affineChain.js';
import { outputsOf } from './constructMinimum.js';
import { hessianRank } from './hessianRank.js';
import { judgeMinimum } from './judgeMinimum.js';
import { kinksOf } from './kinks.js';
import { linearMinimum, type LinearMinimum, runawayModel } from './linearMinimum.js';
import type { MinimumCertificate } from './minimumTypes.js';
import { describeSeparation } from './separation.js';
import { UnattainedMinimumError } from './unattainedMinimumError.js';

const caller = 'certifyMinimum';

export interface CertifyOptions {
  /** default 'softmax-cross-entropy' */
  readonly loss?: AffineLoss;
  /** the attained minimum over affine models if it is known already, of the same examples and loss */
  readonly linear?: LinearMinimum;
  /** weights that may have a smaller loss, with words how they were found */
  readonly better?: { readonly params: FloatArray; readonly how: string };
  /** largest gradient norm that counts as zero, in units of the loss; default 1e-12 */
  readonly gradientTol?: number;
  /** most that the smallest eigenvalue may lie below zero, relative to the largest; default 1e-10 */
  readonly curvatureTol?: number;
  /** pre-activations nearer to zero than this are at a kink; default 1e-9 */
  readonly kinkTol?: number;
  /** of the eigen-solver, default 0 */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress<string>;
}

/**
 * Evidence whether weights of a network are a local minimum of its loss: gradient, both ends of the Hessian's spectrum with residuals, its rank, how far
 * the examples keep from kinks, and whether better weights are known. All in float64.
 *
 * Numbers near zero prove no minimum by themselves, as a Hessian at one is singular. The proof is this: no unit changes its state near these weights, so the
 * network is affine on the examples near them; its loss is that of the best affine model; hence nothing near is below. Where a layer lets nothing
 * pass the same holds with the best constant. The verdict is 'local-minimum' for these two, and where the Hessian is positive definite; 'undecided' where the
 * numbers are those of a minimum and neither holds.
 *
 * @param params (size,)
 * @throws ArgumentError for arguments that do not fit; AbortError. A loss without attained minimum is a verdict here, not an error
 * Cost: that of {@link linearMinimum} unless it is handed in, one Hessian product for each weight, or two
 * eigenvalue searches of some hundreds to thousands where there are more than 2,048 weights, k gradients of ρ examples
 * @example
 * const net = mlp([2, 4, 2], { activation: 'relu' });
 * const x = { shape: [4, 2], data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) };
 * const examples = examplesFromArrays(x, { shape: [4], data: Int32Array.of(0, 1, 1, 0) });
 * const { params } = await constructMinimum(net, examples);
 * const better = await betterPoint(net, examples, { epochs: 300 });
 * (await certifyMinimum(net, params, examples, { better })).verdict; // 'local-minimum'
 * Source: [goldblum2020, Theorem 1]; the rank is derived here, see {@link MinimumRank}.
 */
export async function certifyMinimum(
  network: Network,
  params: FloatArray,
  examples: AnyExamples,
  options: CertifyOptions = {},
): Promise<MinimumCertificate> {
  const settled = settle(options);
  const { kind, better, onProgress } = settled;
  requireFloatArray(caller, 'params', params, network.size);
  requireAnyExamples(caller, network, examples, 'float64', 'any');
  const tell = (done: number, detail: string): void => onProgress?.({ done, of: 4, detail });
  tell(0, 'best affine model');
  const weights = Float64Array.from(params);
  const found = affineExamples(caller, examples, kind);
  const operator = hessian(network, weights, examples, { dtype: 'float64', loss: lossFromData({ kind }) });
  const best = await bestAffine(examples, settled);
  tell(1, 'pre-activations');
  const kinks = kinksOf(network, weights, examples);
  const z = Float64Array.from(logits(network, weights, examples));
  const strange = otherOperation(networkProgram(network, 1).program, network.parameters.length);
  const affine = strange === undefined && kinks.settled === kinks.units;
  const constant = affine && kinks.blocked;
  const compared = constant ? bestConstant(found, kind) : best;
  tell(2, 'rank of the Hessian');
  const rank = affine ? hessianRank(network, weights, examples, found, kind, z) : undefined;
  tell(3, 'ends of the spectrum');
  const ends = await endsOf(operator, settled);
  tell(4, 'done');
  const facts = {
    loss: operator.loss,
    linearLoss: compared.model.loss,
    outputDifference: differenceOf(z, outputsOf(compared.model, examples), found.outputs, kind),
    gradientNorm: operator.gradientNorm,
    ...ends,
    ...(rank && { rank }),
    margin: kinks.margin,
    ...(better && { better: { loss: lossAt(network, better.params, examples, kind), how: better.how } }),
  };
  const state = { affine, constant, strange, unattained: compared.unattained, size: network.size };
  return { ...facts, ...judgeMinimum(facts, state, settled) };
}

interface Settled extends Required<Pick<CertifyOptions, 'gradientTol' | 'curvatureTol' | 'kinkTol' | 'seed'>> {
  readonly kind: AffineLoss;
  readonly linear: LinearMinimum | undefined;
  readonly better: CertifyOptions['better'];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress<string> | undefined;
}

function settle({
  loss = 'softmax-cross-entropy',
  linear,
  better,
  gradientTol = 1e-12,
  curvatureTol = 1e-10,
  kinkTol = 1e-9,
  seed = 0,
  signal,
  onProgress,
  ...others
}: CertifyOptions): Settled {
  requireNoOthers(caller, others, 'CertifyOptions');
  requireOneOf(caller, 'loss', loss, ['softmax-cross-entropy', 'squared-error']);
  requireEach(requirePositive, caller, { gradientTol, curvatureTol, kinkTol });
  requireSeed(caller, seed);
  if (linear !== undefined && !(linear.attainment < 1))
    refuse(caller, `linear must be an attained minimum, got attainment ${linear.attainment}: leave it out`);
  return { kind: loss, linear, better, gradientTol, curvatureTol, kinkTol, seed, signal, onProgress };
}

/** What the network is compared with, and why that is no minimum if it is none. */
interface Compared {
  readonly model: AffineModel;
  readonly unattained?: string;
}

async function bestAffine(examples: AnyExamples, { kind, linear, signal }: Settled): Promise<Compared> {
  if (linear !== undefined) return { model: linear };
  try {
    return { model: await linearMinimum(examples, { loss: kind, ...(signal && { signal }) }) };
  } catch (error) {
    if (!(error instanceof UnattainedMinimumError)) throw error;
    const model = error.reached ?? (await runawayModel(examples));
    return { model, unattained: describeSeparation(error.separation) };
  }
}

/** The mean of the answers, and its logarithm for cross-entropy. */
function bestConstant({ answers, count, outputs, features }: AffineExamples, kind: AffineLoss): Compared {
  const mean = new Float64Array(outputs);
  answers.forEach((y, i) => (mean[i % outputs] += y / count));
  const weights = new Float64Array(features * outputs);
  if (kind === 'squared-error') {
    const loss = answers.reduce((sum, y, i) => sum + (0.5 * (y - mean[i % outputs]) ** 2) / count, 0);
    return { model: { loss, weights, bias: mean } };
  }
  const missing = mean.findIndex((share) => share === 0);
  const loss = mean.reduce((sum, share) => sum - (share > 0 ? share * log(share) : 0), 0);
  const model = { loss, weights, bias: mean.map((share) => (share > 0 ? log(share) : -1e3)) };
  return missing < 0 ? { model } : { model, unattained: `no example has class ${missing}` };
}

/** Up to so many weights the Hessian is formed once, so that both searches together cost one product for each weight. */
const formedBelow = 2048;

async function endsOf(
  operator: CurvatureOperator,
  { seed, signal }: Settled,
): Promise<Pick<MinimumCertificate, 'smallest' | 'largest'>> {
  const n = operator.size;
  const searched =
    n > formedBelow
      ? operator
      : fromDense(Float64Array.from(await materialize(operator, { caller, ...(signal && { signal }) })), n);
  const end = async (which: 'SA' | 'LA'): Promise<{ value: number; residualNorm: number }> => {
    const report = await eigsh(searched, { k: 1, which, tol: 1e-12, seed, ...(signal && { signal }) });
    if (report.reason === 'aborted') throw new AbortError(caller, signal);
    return { value: report.values[0], residualNorm: report.residualNorms[0] };
  };
  return { largest: await end('LA'), smallest: await end('SA') };
}

function differenceOf(z: Float64Array, wanted: Float64Array, k: number, kind: AffineLoss): number {
  let most = 0;
  for (let o = 0; o < z.length; o += k) {
    let shift = 0;
    if (kind === 'softmax-cross-entropy') for (let c = 0; c < k; c++) shift += (z[o + c] - wanted[o + c]) / k;
    for (let c = 0; c < k; c++) most = Math.max(most, Math.abs(z[o + c] - wanted[o + c] - shift));
  }
  return most;
}

function lossAt(network: Network, params: FloatArray, examples: AnyExamples, kind: AffineLoss): number {
  return hessian(network, Float64Array.from(params), examples, { dtype: 'float64', loss: lossFromData({ kind }) }).loss;
}
