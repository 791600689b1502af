import type { BasisOrigin, MeanOrigin, PriorRecord } from './certificate.js';
import type { Issued } from './issued.js';

/** Where one ingredient of the prior came from. What an origin tells already may be left out; without one the words stand alone. */
export interface Provenance<Origin> {
  readonly origin?: Origin;
  readonly description?: string;
  readonly saw?: readonly string[];
}

/** A prior as an issuer describes it. */
export interface PriorStatement extends Issued<Pick<PriorRecord, 'shape' | 'scales'>> {
  readonly mean: Provenance<MeanOrigin>;
  readonly basis?: Provenance<BasisOrigin> | undefined;
}

/** The words for an origin that can be made again; verification demands these very words. */
export function originText(origin: MeanOrigin | BasisOrigin): string | undefined {
  switch (origin.kind) {
    case 'stated':
      return undefined;
    case 'init':
      return `random initialisation of seed ${origin.seed} in ${origin.dtype}`;
    case 'trained': {
      const { split, seed, epochs, shift } = origin;
      const moved = shift === 0 ? '' : `, images moved by up to ${shift} pixels`;
      return `trained ${epochs} epochs on split "${split}" from the random initialisation of seed ${seed}${moved}`;
    }
    case 'kronecker':
      return `eigenvectors and eigenvalues of the Kronecker-factored Fisher matrix (${origin.factors.toUpperCase()}) of ${origin.inputs} inputs of split "${origin.split}" at the prior's mean`;
    case 'fisher':
      return `${origin.directions} eigenvectors and eigenvalues of the Fisher matrix (${origin.labels} labels) of ${origin.inputs} inputs of split "${origin.split}" at the prior's mean`;
  }
}

/** Splits that an origin depends on; for a basis those of the prior's mean as well. */
export function splitsOf(
  origin: MeanOrigin | BasisOrigin,
  mean: readonly string[] = [],
): readonly string[] | undefined {
  if (origin.kind === 'stated') return undefined;
  return [...new Set([...mean, ...('split' in origin ? [origin.split] : [])])];
}

/** The whole record, what was left out taken from the origins. */
export function priorRecord({ mean, basis, scales, shape }: PriorStatement): PriorRecord {
  const whole = <Origin extends MeanOrigin | BasisOrigin>(
    { origin, description, saw }: Provenance<Origin>,
    before?: readonly string[],
  ) => {
    const from = (origin ?? { kind: 'stated' }) as Origin;
    return {
      origin: from,
      description: description ?? originText(from) ?? '',
      saw: saw ?? splitsOf(from, before) ?? [],
    };
  };
  const whence = whole(mean);
  return { mean: whence, basis: basis === undefined ? null : whole(basis, whence.saw), scales, shape: shape ?? null };
}
