import type { BatchSharpness, Estimate, JacobianNorms } from '@hyperribbon/landscape';
import type { EdgeMoment, EdgeRecord, FlowMoment, TopPairs } from '@hyperribbon/landscape/dynamics';
import type { KernelAgainstWidth } from '@hyperribbon/landscape/kernel';
import type { MinimumCertificate } from '@hyperribbon/landscape/minima';
import type { LossPlane } from '@hyperribbon/landscape/plane';
import type {
  EdgeSection,
  FlowMomentRow,
  JacobianMomentRow,
  JacobianSection,
  KernelFamilyRow,
  KernelSection,
  LossPlaneSection,
  MinimumSection,
} from '@hyperribbon/report';
import type { TangentKernelResult } from '../jobs/landscape/tangentKernel.js';
import { pearson, spearman } from './correlation.js';

/** Numbers that JSON has: null for −∞, ∞ and NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

type PairsRow = EdgeSection['moments'][number]['hessian'];

/** Eigenvalues that were found: none that are no numbers. */
function pairsRow({ values, residualNorms, converged, matvecs }: TopPairs): PairsRow {
  const known = values.flatMap((value, i) =>
    Number.isFinite(value) && Number.isFinite(residualNorms[i]) ? [[value, residualNorms[i]] as const] : [],
  );
  return {
    values: known.map(([value]) => value),
    residualNorms: known.map(([, residual]) => residual),
    converged: converged && known.length === values.length,
    matvecs,
  };
}

const estimateRow = ({ mean, standardError }: Estimate) => ({ mean, standardError: finite(standardError) });

/** Batches whose gradients are zero have no curvature along them. */
function batchRow(found: BatchSharpness | undefined): Pick<EdgeSection['moments'][number], 'batchSharpness'> {
  if (found === undefined || !Number.isFinite(found.meanOfRatios.mean) || !Number.isFinite(found.ratioOfMeans))
    return {};
  const { batchSize, batches, meanOfRatios, ratioOfMeans } = found;
  return { batchSharpness: { batchSize, batches, meanOfRatios: estimateRow(meanOfRatios), ratioOfMeans } };
}

function normsRow({ max, mean, quantiles, examples, method, residual }: JacobianNorms): JacobianMomentRow['norms'] {
  return { max, mean, quantiles, examples, method, residual };
}

function momentRow(moment: EdgeMoment): EdgeSection['moments'][number] {
  const { loss, error, gradientNorm, hessian, preconditioned, batchSharpness, jacobian } = moment;
  const { step, threshold, dualSharpness, topShare } = moment;
  return {
    step,
    loss: finite(loss),
    ...(error === undefined ? {} : { error }),
    gradientNorm: finite(gradientNorm),
    ...(threshold === undefined ? {} : { threshold }),
    hessian: pairsRow(hessian),
    ...(preconditioned && { preconditioned: pairsRow(preconditioned) }),
    ...(dualSharpness === undefined || !Number.isFinite(dualSharpness) ? {} : { dualSharpness }),
    ...batchRow(batchSharpness),
    ...(topShare === undefined || !Number.isFinite(topShare) ? {} : { topShare: Math.min(1, topShare) }),
    ...(jacobian && { jacobian: normsRow(jacobian) }),
  };
}

/** Up to the first moment that is not finite. */
function flowRows(moments: readonly FlowMoment[]): readonly FlowMomentRow[] {
  const end = moments.findIndex(({ loss, sharpness }) => !Number.isFinite(loss) || !Number.isFinite(sharpness));
  return (end < 0 ? moments : moments.slice(0, end)).map((moment) => ({ ...moment }));
}

/** A watched run with the flows that it is compared with. */
export function edgeSection(
  record: EdgeRecord,
  flows: { readonly flow?: readonly FlowMoment[]; readonly centralFlow?: readonly FlowMoment[] } = {},
): EdgeSection {
  const { rule, learningRate, batchSize, examples, threshold, moments, crossing, ended } = record;
  const { flow = record.flow, centralFlow = record.centralFlow } = flows;
  return {
    rule,
    learningRate,
    batchSize,
    examples,
    threshold,
    moments: moments.map(momentRow),
    ...(flow && { flow: flowRows(flow) }),
    ...(centralFlow && { centralFlow: flowRows(centralFlow) }),
    ...(crossing === undefined ? {} : { crossing }),
    ...(ended === undefined ? {} : { ended }),
  };
}

export function planeSection({ loss, centre, trajectory, ...plane }: LossPlane): LossPlaneSection {
  return {
    ...plane,
    loss: Array.from(loss, finite),
    centre: finite(centre),
    ...(trajectory && {
      trajectory: trajectory.map(({ loss: at, ...point }) => ({
        ...point,
        ...(at === undefined ? {} : { loss: finite(at) }),
      })),
    }),
  };
}

/** Norms of the moments of a run beside its sharpness, with what goes with what. */
export function jacobianSection(moments: readonly EdgeMoment[]): JacobianSection | undefined {
  const rows = moments.flatMap(({ step, hessian, jacobian }): JacobianMomentRow[] =>
    jacobian === undefined || !Number.isFinite(jacobian.max)
      ? []
      : [{ step, ...known(hessian.values[0]), norms: normsRow(jacobian) }],
  );
  if (rows.length === 0) return undefined;
  const pairs = rows.filter(({ sharpness }) => sharpness !== undefined);
  const sharpness = pairs.map((row) => row.sharpness!);
  const against = (of: 'mean' | 'max') => {
    const norms = pairs.map((row) => row.norms[of]);
    return { pearson: finite(pearson(sharpness, norms)), spearman: finite(spearman(sharpness, norms)) };
  };
  const enough = pairs.length >= 3;
  return {
    examples: rows[0].norms.examples,
    moments: rows,
    ...(enough ? { withMean: against('mean'), withMax: against('max') } : {}),
  };
}

function known(sharpness: number | undefined): { readonly sharpness?: number } {
  return sharpness === undefined || !Number.isFinite(sharpness) ? {} : { sharpness };
}

/** Norms of given weights. */
export function givenJacobian(norms: JacobianNorms, sharpness: number | undefined): JacobianSection {
  return { examples: norms.examples, moments: [{ step: 0, ...known(sharpness), norms: normsRow(norms) }] };
}

/** A kernel, its change where there is one, and families against their width. */
export function kernelSection(
  { change, ...found }: Partial<TangentKernelResult> & Pick<TangentKernelResult, 'examples' | 'outputs'>,
  families: readonly KernelAgainstWidth[] = [],
): KernelSection {
  return {
    ...found,
    ...(change && { change }),
    ...(families.length === 0 ? {} : { families: families.map(kernelFamilyRow) }),
  };
}

/** Widths at which a run has a correlation. */
function kernelFamilyRow({ rows, missing, ...family }: KernelAgainstWidth): KernelFamilyRow {
  return {
    ...family,
    ...(missing.length > 0 && { missing }),
    rows: rows
      .filter(({ correlation }) => Number.isFinite(correlation.mean))
      .map(({ correlation, relativeChange, trainingLoss, ...row }) => ({
        ...row,
        correlation: estimateRow(correlation),
        relativeChange: estimateRow(relativeChange),
        trainingLoss: estimateRow(trainingLoss),
      })),
  };
}

export function minimumSection(certificate: MinimumCertificate, network: string, examples: number): MinimumSection {
  return { network, examples, ...certificate };
}
