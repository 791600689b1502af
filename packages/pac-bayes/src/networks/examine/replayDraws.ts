import type { Progress } from '@hyperribbon/contract';
import type { Examples } from '@hyperribbon/nn';
import type { DrawnRisk } from '../../certificate/certificate.js';
import type { Findings } from '../../verification/reason.js';
import type { Remeasure } from '../../verification/verifyCertificate.js';
import { familyOf, type NetworkPosterior } from '../certify/familyOf.js';
import type { PosteriorErrors } from '../posteriorFamily.js';
import type { Running } from './checkPrior.js';

/** Makes the recorded draws again: the same stream, as many, in deterministic kernels. Every count must be the recorded one. */
export async function replayDraws(
  posterior: NetworkPosterior,
  examples: Examples,
  risk: DrawnRisk,
  found: Findings,
  running: Running,
): Promise<void> {
  const { seed, purpose, passes } = risk;
  const again = await draw(
    posterior,
    examples,
    risk,
    { seed, purpose, passes },
    running,
    'making the recorded draws again',
  );
  for (const key of ['errors', 'trials', 'units', 'scheme', 'passes'] as const)
    found.unless(
      again[key] === risk[key],
      'draws-differ',
      `$.risk.${key}`,
      `made again from their stream the draws have ${key} ${again[key]}, it says ${risk[key]}`,
    );
  for (const key of ['batchSize', 'dtype', 'noise'] as const)
    found.unless(
      again[key] === risk.draws?.[key],
      'draws-differ',
      `$.risk.draws.${key}`,
      `such draws have ${key} ${again[key]}, it says ${risk.draws?.[key]}`,
    );
}

/** Draws of the same kind from another stream. */
export function freshDraws(posterior: NetworkPosterior, examples: Examples): Remeasure {
  return async ({ risk }, { seed, purpose, passes, ...running }) => {
    const asked = { seed, purpose, passes };
    const fresh = await draw(posterior, examples, risk as DrawnRisk, asked, running, 'drawing afresh');
    const single = fresh.units === fresh.trials ? { errors: fresh.errors } : {};
    return { mean: fresh.errors / fresh.trials, units: fresh.units, ...single };
  };
}

function draw(
  posterior: NetworkPosterior,
  examples: Examples,
  risk: DrawnRisk,
  { passes, ...named }: { readonly seed: number; readonly purpose: string; readonly passes: number },
  { signal, onProgress }: Running,
  detail: string,
): Promise<PosteriorErrors> {
  const family = familyOf(posterior);
  return family.errors(posterior, examples, {
    ...family.drawsOf(risk, passes),
    ...named,
    deterministic: true,
    signal,
    onProgress: ({ done, of }: Progress) => onProgress?.({ done, of, detail }),
  });
}
