import { refuse } from '@hyperribbon/contract';
import { networkIdentity } from '@hyperribbon/nn';
import type { MeanCoordinates } from '../noise/noisyLogits.js';
import type { DescentSetting } from './resolveDescent.js';

/**
 * A resumed run must be the run that stopped.
 *
 * @param meansIn coordinates of the means, for posteriors with a basis
 */
export function requireResumable(
  { caller, network, setting, seed, batchSize, resume }: DescentSetting,
  meansIn: MeanCoordinates = 'basis',
): void {
  if (resume === undefined) return;
  if (resume.version !== 2) refuse(caller, `resume must be a checkpoint of version 2, got ${String(resume.version)}`);
  const then = { ...resume, meansIn: resume.meansIn ?? 'basis' };
  const now = {
    network: networkIdentity(network),
    seed,
    count: setting.n,
    batchSize,
    objective: setting.objective,
    meansIn,
  };
  for (const key of Object.keys(now) as (keyof typeof now)[]) {
    if (then[key] !== now[key]) {
      refuse(caller, `resume is of a run with ${key}=${then[key]}, this one has ${now[key]}`);
    }
  }
}
