import type { Certificate } from '@hyperribbon/pac-bayes';
import type { Note } from '@hyperribbon/report';

type Scale = Certificate['prior']['scales'][number];

/** Says which scales of the prior were chosen at an end of what was searched: beyond it the bound may be smaller. */
export function gridEdges(scales: readonly Scale[]): readonly Note[] {
  const at = scales.flatMap((scale) => {
    const end = endOf(scale);
    return end === undefined ? [] : [`${scale.name}: ${scale.value.toPrecision(3)}, the ${end}`];
  });
  if (at.length === 0) return [];
  return [
    {
      title: 'Scales at an end of their grid',
      kind: 'warning',
      text: `Chosen at an end of what was searched, beyond which the bound may be smaller: ${at.join('; ')}. The certificate holds all the same.`,
    },
  ];
}

/** Grids have a first member and no last; lists have both ends. */
function endOf(scale: Scale): string | undefined {
  if (scale.kind === 'grid') return scale.index === 1 ? 'first of its grid' : undefined;
  if (scale.kind !== 'listed' || scale.members.length < 2) return undefined;
  const [least, most] = [Math.min(...scale.members), Math.max(...scale.members)];
  if (scale.value === least) return `smallest of ${scale.members.length}`;
  return scale.value === most ? `largest of ${scale.members.length}` : undefined;
}
