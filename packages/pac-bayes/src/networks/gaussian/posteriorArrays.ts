import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { Network } from '@hyperribbon/nn';
import type { ChosenPrior } from '../certify/chooseScales.js';
import { basisLayers } from './basisLayers.js';
import { requirePosterior, type GaussianPosterior, type KroneckerBasis } from './gaussianPosterior.js';
import { priorStd } from './gaussianPrior.js';
import type { PriorFamily } from './priorFamily.js';

/** Arrays with shapes, by name. */
export type NamedArrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: FloatArray }>>;

/**
 * Everything that defines a posterior and the prior it is compared with, as arrays for a file: `posterior.mean`,
 * `posterior.std`, `prior.mean`, `prior.std`, each (size,), and `basis.L.input`, `basis.L.output` for layers L = 1, 2, …
 */
export function posteriorArrays(posterior: GaussianPosterior, prior: PriorFamily, chosen: ChosenPrior): NamedArrays {
  const { network, mean, std, basis } = posterior;
  const flat = (data: FloatArray) => ({ shape: [network.size], data });
  const square = (data: FloatArray) => ({ shape: [Math.sqrt(data.length), Math.sqrt(data.length)], data });
  return {
    'posterior.mean': flat(mean),
    'posterior.std': flat(std),
    'prior.mean': flat(prior.mean),
    'prior.std': flat(priorStd(prior, chosen.variances)),
    ...Object.fromEntries(
      (basis?.layers ?? []).flatMap(({ input, output }, l) => [
        ...(input === undefined ? [] : [[`basis.${l + 1}.input`, square(input)]]),
        ...(output === undefined ? [] : [[`basis.${l + 1}.output`, square(output)]]),
      ]),
    ),
  };
}

/**
 * The posterior in {@link posteriorArrays}.
 *
 * @throws TypeError for arrays that are missing or unknown, RangeError for sizes that do not fit or deviations that are not positive
 */
export function posteriorFromArrays(network: Network, arrays: Readonly<Record<string, FloatArray>>): GaussianPosterior {
  const { 'posterior.mean': mean, 'posterior.std': std } = arrays;
  if (mean === undefined || std === undefined) {
    refuse('posteriorFromArrays', `need posterior.mean and posterior.std, got ${Object.keys(arrays).join(', ')}`);
  }
  const layers: { input?: FloatArray; output?: FloatArray }[] = (basisLayers(network) ?? []).map(() => ({}));
  let turned = false;
  for (const [name, data] of Object.entries(arrays)) {
    if (/^(posterior|prior)\.(mean|std)$/.test(name)) continue;
    const place = /^basis\.(\d+)\.(input|output)$/.exec(name);
    const layer = place === null ? undefined : layers[Number(place[1]) - 1];
    if (place === null || layer === undefined) {
      refuse('posteriorFromArrays', `${network.name} has no use for an array ${name}`);
    }
    layer[place[2] as 'input' | 'output'] = data;
    turned = true;
  }
  const basis: KroneckerBasis | undefined = turned ? { layers } : undefined;
  const posterior = { network, mean, std, ...(basis === undefined ? {} : { basis }) };
  requirePosterior('posteriorFromArrays', posterior);
  return posterior;
}
