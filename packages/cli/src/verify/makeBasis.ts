import { fisherDirections, kroneckerBasis } from '@hyperribbon/landscape';
import type { MakeBasis } from '@hyperribbon/pac-bayes/examine';
import { gaussianFamily } from '@hyperribbon/pac-bayes/networks';

/** A prior's basis from its origin, as `hyperribbon bound` makes it. */
export const makeBasis: MakeBasis = async (origin, { network, mean, examples }, { signal, onProgress }) => {
  // null where no labels are drawn
  const seed = origin.seed ?? 0;
  if (origin.kind === 'kronecker') {
    const { turn, factors: kind } = origin;
    const { basis, spectrum } = kroneckerBasis(network, mean, examples, { turn, kind, seed });
    const arrays = gaussianFamily.coordinateArrays({ network, mean, std: mean, basis });
    return { arrays: Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data])), spectrum };
  }
  const { directions, eigenvalues } = await fisherDirections(network, mean, examples, {
    k: origin.directions,
    kind: origin.labels,
    seed,
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ done, of }) => onProgress?.({ done, of, detail: "making the prior's directions again" }),
  });
  return { arrays: { 'subspace.directions': directions }, eigenvalues };
};
