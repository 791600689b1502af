import type { Certificate, PriorRecord, PriorScale } from '../../certificate/certificate.js';
import type { Findings } from '../../verification/reason.js';
import type { PriorFamily } from '../gaussian/priorFamily.js';

/**
 * Grids that were written down here before any data, by the shape of the prior: an isotropic one's, the one layer by layer, those of the flat part and
 * along the curvature. A grid that is chosen with the data makes its best member cheap, so it would have to be paid for itself.
 */
const grids: Readonly<Record<NonNullable<PriorRecord['shape']>, readonly (readonly [b: number, c: number])[]>> = {
  isotropic: [[100, 0.1]],
  layered: [
    [20, 0.1],
    [100, 0.1],
  ],
  kronecker: [
    [10, 1],
    [10, 1e4],
  ],
  'kronecker-layered': [
    [10, 1],
    [10, 1e4],
  ],
  directions: [
    [10, 1],
    [10, 1e4],
  ],
};
/** Of the analytic bound, whose scale is a precision. */
const analyticGrids = [[10, 0.05]] as const;

/** A number that was written down before the data were seen has few digits; the best member of a grid has 17. */
const mostDigits = 3;

/**
 * The scales of a prior are those that its family has, on grids that were known or written down as round numbers.
 *
 * @returns whether there are as many as the family has, by the same names
 */
export function checkScales(
  { prior: { scales, shape }, divergence }: Certificate,
  family: PriorFamily,
  found: Findings,
): boolean {
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join('; ');
  const [given, known] = [names(scales), names(family.scales)];
  const told = `such a prior has the scales ${known}, it lists ${given}`;
  found.unless(given === known, 'scale-unknown', '$.prior.scales', told);
  const analytic = divergence.analytic !== null;
  const allowed = analytic ? analyticGrids : shape === null ? [] : grids[shape];
  for (const [i, scale] of scales.entries())
    found.add(
      'scale-unknown',
      `$.prior.scales[${i}]`,
      scaleProblem(scale, allowed, analytic ? 'precision' : 'variance'),
    );
  return given === known;
}

function scaleProblem(
  scale: PriorScale,
  allowed: readonly (readonly [b: number, c: number])[],
  as: 'precision' | 'variance',
): string | undefined {
  const { name, value, kind } = scale;
  if (kind === 'listed') return `"${name}" was taken from a list of which nobody here knows when it was written`;
  if (kind === 'fixed') {
    const digits = value.toExponential().replace(/e.*/, '').replace('.', '').length;
    return digits <= mostDigits
      ? undefined
      : `"${name}" = ${value} has ${digits} digits: what is fixed before the data are seen has ${mostDigits} at most`;
  }
  const known = allowed.some(([b, c]) => scale.b === b && scale.c === c) && scale.as === as;
  const list = allowed.map(([b, c]) => `b = ${b}, c = ${c}`).join(' or ');
  return known ? undefined : `the grid of "${name}" was not known before: such priors have ${as}s on ${list}`;
}
