import { type DecodedBy, type Decoder, finite, flag, oneOf, pairOf } from '@hyperribbon/contract/decode';
import { assumptionTexts, type AssumptionId } from './assumptionTexts.js';
import { byKind, exactly, integer, listOf, name, orNull, words } from './strictDecoders.js';

export const count = integer(1);
export const names = listOf(name, 1000);

const claim = exactly({
  /** Upper bound on the true risk of the random classifier, rounded up; may exceed 1. */
  bound: finite,
  /** Sum of all deltas. */
  delta: finite,
  /** 1 - delta. */
  confidence: finite,
  /** Risk of guessing, in [0, 1]. */
  chance: finite,
  /** bound >= chance: it says nothing. */
  vacuous: flag,
  /** The claim in a sentence. */
  text: words(),
});

const theorem = exactly({
  id: oneOf('maurer', 'kl-exact', 'langford-seeger', 'mcallester', 'catoni', 'thiemann', 'quadratic'),
  title: words(),
  /** Bibliography key and place. */
  source: words(),
  /** Examples of the bound's split. */
  n: count,
  delta: finite,
  /** Nats added to KL: ln(constant/delta) and the price of every union. */
  penalty: finite,
  /** (KL + penalty)/n, or /(n - 1) for Langford-Seeger; rounded up. */
  rate: finite,
  /** Catoni: every constant that was paid for; null for all others. */
  constants: orNull(listOf(finite, 10_000)),
  /** Catoni: the constant used. Thiemann: lambda. Null for all others. */
  parameter: orNull(finite),
});

export const loss = exactly({
  kind: oneOf('zero-one', 'bounded'),
  /** 'softmax cross-entropy clamped at p = 1e-5, divided by ln 1e5' */
  description: words(),
  /** Smallest probability of a clamped cross-entropy. */
  clamp: orNull(finite),
});

const exactRisk = exactly({
  kind: oneOf('exact'),
  loss,
  value: finite,
  /** How it was computed. */
  how: words(),
});

const drawPlan = exactly({
  /** Examples per run of the program, or those that each network met. */
  batchSize: count,
  dtype: oneOf('float32', 'float64'),
  noise: oneOf('local', 'mixed', 'weights'),
});

const drawnRisk = exactly({
  kind: oneOf('drawn'),
  loss,
  scheme: oneOf('whole-sample', 'random-subset', 'per-group', 'per-example'),
  /** Draws of weights that each group of examples met. */
  passes: count,
  /** Groups of examples with draws of their own: 1 if a draw of the whole network meets all, n if each example has its own. */
  groups: count,
  /** passes · groups: independent variables in [0, 1] behind the mean; what enters the concentration inequality. */
  units: count,
  /** Pairs of an example and a draw that were evaluated. */
  trials: count,
  /** Mistakes among the trials, for the 0-1 loss. */
  errors: orNull(integer(0)),
  mean: finite,
  /** binomial: binomial tail, needs units = trials of the 0-1 loss; chernoff: ln(1/delta)/units; kl-inverse: ln(2/delta)/units. */
  method: oneOf('binomial', 'chernoff', 'kl-inverse'),
  /** How the draws relate to the choice of the posterior. */
  selection: exactly({
    /**
     * fixed: the posterior was final before any draw; fresh-draws: others were looked at, these count and chose nothing;
     * divided: the best of `candidates` was taken by its draws, and each had delta/candidates.
     */
    kind: oneOf('fixed', 'fresh-draws', 'divided'),
    candidates: count,
  }),
  /** Failure probability of this limit: the share of one candidate if the selection divided it. */
  delta: finite,
  /** The empirical risk of the posterior is at most this, with probability 1 - delta over the draws. */
  upper: finite,
  /** The stream the draws came from; of networks it follows from the posterior, see `drawSeed`. */
  seed: integer(0),
  purpose: words(300),
  /** How networks were drawn: with the stream, all that making the same draws again takes. */
  draws: orNull(drawPlan),
});

const divergence = exactly({
  /** KL(Q||P), nats, rounded up: covariance + displacement. */
  kl: finite,
  covariance: finite,
  displacement: finite,
  family: oneOf('gaussian-diagonal', 'gaussian-kronecker', 'gaussian-low-rank', 'gaussian-dense', 'finite'),
  /** Number of weights (or of hypotheses for `finite`). */
  dimension: count,
  /** By tensor; sums to covariance and displacement. */
  parts: orNull(listOf(exactly({ name, dimension: count, covariance: finite, displacement: finite }), 10_000)),
  /** |V'V - I| of the bases, for Gaussians in a rotated basis: how far from orthonormal they were. */
  orthonormality: orNull(finite),
  /** For the analytic bound everything behind the divergence, so that it can be recomputed from the record alone. */
  analytic: orNull(
    exactly({
      eigenvalues: listOf(finite, 20_000),
      displacementSquared: finite,
      precision: finite,
      convention: oneOf('2(n-1)', '4(n-1)/ln2'),
    }),
  ),
});

const dtype = oneOf('float32', 'float64');

/** How the prior's mean can be made again; `stated` is a tale that nobody can check. */
const meanOrigin = byKind({
  stated: exactly({ kind: oneOf('stated') }),
  /** `network.init(seed, dtype)` */
  init: exactly({ kind: oneOf('init'), seed: integer(0), dtype }),
  /** `learnPrior` from `network.init(seed, 'float32')` on the examples of a split */
  trained: exactly({
    kind: oneOf('trained'),
    split: name,
    seed: integer(0),
    epochs: integer(0, 100_000),
    batchSize: count,
    learningRate: exactly({ from: finite, to: finite }),
    /** pixels by which square images were moved, anew in every epoch */
    shift: integer(0, 1000),
  }),
});

/** How the prior's basis can be made again, from inputs of a split at the prior's mean. */
const basisOrigin = byKind({
  stated: exactly({ kind: oneOf('stated') }),
  /** `kroneckerBasis` of @hyperribbon/landscape on the first `inputs` of a split */
  kronecker: exactly({
    kind: oneOf('kronecker'),
    split: name,
    inputs: count,
    factors: oneOf('kfra', 'kfac'),
    turn: oneOf('input', 'full'),
    /** of the labels of `kfac`; null for `kfra`, which draws none */
    seed: orNull(integer(0)),
  }),
  /** `fisherDirections` of @hyperribbon/landscape on the first `inputs` of a split */
  fisher: exactly({
    kind: oneOf('fisher'),
    split: name,
    inputs: count,
    directions: count,
    labels: oneOf('sampled', 'exact', 'empirical'),
    /** of `sampled` labels; null for all others */
    seed: orNull(integer(0)),
  }),
});

/** Names of the data splits that something depends on; empty for a random initialisation or a constant. */
const provenanceOf = <Origin>(origin: Decoder<Origin>) => exactly({ origin, description: words(), saw: names });

const scale = byKind({
  fixed: exactly({ kind: oneOf('fixed'), name, value: finite, saw: names }),
  /** value = c exp(-index/b) as a variance, exp(index/b)/c as a precision. */
  grid: exactly({
    kind: oneOf('grid'),
    name,
    value: finite,
    index: integer(1, 1e9),
    b: finite,
    c: finite,
    as: oneOf('variance', 'precision'),
  }),
  /** value is one of finitely many members written down before the data were seen; costs ln(number of members). */
  listed: exactly({ kind: oneOf('listed'), name, value: finite, members: listOf(finite, 100_000) }),
});

const prior = exactly({
  mean: provenanceOf(meanOrigin),
  /** The basis in which the covariance is diagonal; null for isotropic and axis-parallel priors. */
  basis: orNull(provenanceOf(basisOrigin)),
  /** Which variances share a scale: how deviations follow from `scales`. Null where nobody can tell. */
  shape: orNull(oneOf('isotropic', 'layered', 'kronecker', 'kronecker-layered', 'directions')),
  /** A scale on a grid may be chosen after seeing everything: the theorem pays for the grid. */
  scales: listOf(scale, 1000),
});

const posterior = exactly({
  description: words(),
  /** Splits it depends on, for information: a posterior may see anything but the certifying draws. */
  saw: names,
  /** As `parseArchitecture` of @hyperribbon/nn reads it; null for other networks. */
  architecture: orNull(words()),
  /** Names the code that can measure it again, see `verifyCertificate`; null where there is none. */
  measuredBy: orNull(words(300)),
  /** Digests of the arrays that define posterior and prior: `weightsDigest`. */
  weights: listOf(exactly({ name, digest: name }), 1000),
});

/** Which rows of a data set a split has. */
const splitIndices = byKind({
  /** Half-open, sorted. */
  ranges: exactly({ kind: oneOf('ranges'), ranges: listOf(pairOf(integer(0)), 100_000) }),
  /** Positions from..to-1 of `stream({ seed, purpose, index }).permutation(of)`. */
  permutation: exactly({
    kind: oneOf('permutation'),
    seed: integer(0),
    purpose: words(300),
    index: integer(0),
    of: integer(1, 20_000_000),
    from: integer(0),
    to: integer(1),
  }),
});

export const split = exactly({
  /** Unique in a certificate: 'bound', 'prior', 'held-out'. */
  name,
  /** Identity of the data set that the indices count in: its content digest, or a stable name with version. */
  dataset: name,
  /** Content digest of these examples, `examplesIdentity` of @hyperribbon/data. */
  digest: name,
  count,
  indices: splitIndices,
});

const data = exactly({
  /** Every split that anything in the record names. */
  splits: listOf(split, 1000),
  /** Name of the split whose examples the theorem speaks about. */
  bound: name,
  /** Split whose labels say what guessing costs: the error of its most frequent class. It shares no example with the bound's. */
  chance: orNull(name),
  /** Null: the labels are those of the data set. Else example i got integer i, below the number of classes, of this stream. */
  labels: orNull(exactly({ kind: oneOf('random'), seed: integer(0), purpose: words(300) })),
});

const delta = exactly({ purpose: oneOf('inequality', 'draws'), delta: finite, text: words() });
const assumption = exactly({ id: oneOf(...(Object.keys(assumptionTexts) as AssumptionId[])), text: words() });

export const software = exactly({
  name,
  version: name,
  kernels: exactly({ flavour: oneOf('deterministic', 'fast'), engine: oneOf('wasm', 'typescript') }),
  command: orNull(words(4000)),
});

/**
 * A generalisation bound that a stranger can check: what is claimed, from which theorem and measurements, what the prior saw, where
 * every piece of the failure probability went. Plain JSON; `digest` is taken over the canonical form of all the rest.
 */
export const certificate = exactly({
  schema: oneOf('hyperribbon/pac-bayes-certificate'),
  /** What is issued has the last; what the others were is told in `upgradeRecord`. */
  version: oneOf(1, 2, 3),
  claim,
  theorem,
  risk: byKind({ exact: exactRisk, drawn: drawnRisk }),
  divergence,
  prior,
  posterior,
  data,
  /** Where the failure probability went: one entry for the inequality, one for the draws. */
  deltas: listOf(delta, 100),
  assumptions: listOf(assumption, 100),
  caveats: listOf(words(), 1000),
  software,
  /** `sha256:` and 64 hexadecimal digits. It shows accidents and careless edits; it is no signature. */
  digest: name,
});

export type Certificate = DecodedBy<typeof certificate>;
/** The inequalities a certificate may rest on; titles, sources and hypotheses in docs/theory/certificates.md. */
export type CertificateTheorem = Certificate['theorem']['id'];
/** The loss, always in [0, 1]. */
export type LossRecord = DecodedBy<typeof loss>;
/** An empirical risk that needed no random draws: a deterministic posterior, or an expectation in closed form. */
export type ExactRisk = DecodedBy<typeof exactRisk>;
export type DrawnRisk = DecodedBy<typeof drawnRisk>;
export type DivergenceRecord = DecodedBy<typeof divergence>;
export type DivergencePart = NonNullable<DivergenceRecord['parts']>[number];
export type AnalyticIngredients = NonNullable<DivergenceRecord['analytic']>;
export type DrawPlan = DecodedBy<typeof drawPlan>;
export type MeanOrigin = DecodedBy<typeof meanOrigin>;
export type BasisOrigin = DecodedBy<typeof basisOrigin>;
export type TrainedOrigin = Extract<MeanOrigin, { readonly kind: 'trained' }>;
export type PriorRecord = DecodedBy<typeof prior>;
export type PriorScale = DecodedBy<typeof scale>;
export type GridScale = Extract<PriorScale, { readonly kind: 'grid' }>;
export type PosteriorRecord = DecodedBy<typeof posterior>;
export type DataRecord = DecodedBy<typeof data>;
/** A control whose labels were replaced by random ones. */
export type RandomLabels = NonNullable<DataRecord['labels']>;
/** A set of examples with an identity, so that it can be shown that two of them have no example in common. */
export type DataSplit = DecodedBy<typeof split>;
export type SplitIndices = DecodedBy<typeof splitIndices>;
export type DeltaRecord = DecodedBy<typeof delta>;

/** Every part of a prior that may have seen data, by name. */
export function priorParts({ mean, basis, scales }: PriorRecord): { part: string; saw: readonly string[] }[] {
  const parts = [{ part: 'prior mean', saw: mean.saw }];
  if (basis !== null) parts.push({ part: 'prior basis', saw: basis.saw });
  for (const scale of scales)
    if (scale.kind === 'fixed') parts.push({ part: `prior scale "${scale.name}"`, saw: scale.saw });
  return parts;
}
