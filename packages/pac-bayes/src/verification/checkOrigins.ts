import type { BasisOrigin, Certificate } from '../certificate/certificate.js';
import { drawPurpose, drawSeed } from '../certificate/drawSeed.js';
import { originText, splitsOf } from '../certificate/provenance.js';
import type { Findings } from './reason.js';

/** Whether a basis depends on labels that were drawn. */
function drawsLabels(origin: Exclude<BasisOrigin, { readonly kind: 'stated' }>): boolean {
  return origin.kind === 'kronecker' ? origin.factors === 'kfac' : origin.labels === 'sampled';
}

/** What says how something can be made again says it in full: words, splits and the seed of the draws follow from it. */
export function checkOrigins({ prior, posterior, risk, software }: Certificate, found: Findings): void {
  const { mean, basis } = prior;
  for (const [part, whence] of [['mean', mean] as const, ...(basis === null ? [] : [['basis', basis] as const])]) {
    const path = `$.prior.${part}`;
    const words = originText(whence.origin);
    found.unless(
      words === undefined || words === whence.description,
      'origin',
      `${path}.description`,
      `for its origin it reads: ${words}`,
    );
    const splits = splitsOf(whence.origin, part === 'basis' ? mean.saw : []);
    found.unless(
      splits === undefined ||
        (splits.length === whence.saw.length && splits.every((name) => whence.saw.includes(name))),
      'origin',
      `${path}.saw`,
      `what was made so saw ${splits?.join(', ') || 'no split'}, it says ${whence.saw.join(', ') || 'none'}`,
    );
  }
  const from = basis?.origin;
  if (from !== undefined && from.kind !== 'stated')
    found.unless(
      drawsLabels(from) === (from.seed !== null),
      'origin',
      '$.prior.basis.origin.seed',
      'labels that are drawn have a seed, others have none',
    );
  if (risk.kind === 'exact') return;
  found.unless(
    (posterior.measuredBy === null) === (risk.draws === null),
    'draw-account',
    '$.risk.draws',
    'draws that somebody can make again are described, others are not',
  );
  if (risk.draws === null) return;
  const seed = drawSeed(posterior.weights, { ...risk, ...risk.draws });
  found.unless(
    risk.seed === seed && risk.purpose === drawPurpose,
    'draw-seed',
    '$.risk.seed',
    `the draws of this posterior have seed ${seed} and purpose "${drawPurpose}", it says ${risk.seed} and "${risk.purpose}"`,
  );
  const { flavour } = software.kernels;
  const told = `draws that can be made again come from deterministic kernels, it says ${flavour}`;
  found.unless(flavour === 'deterministic', 'draw-account', '$.software.kernels', told);
}
