import type { AnalyticBoundSection, Note } from '@hyperribbon/report';
import { percent, percentUp } from '../output/percent.js';

/** What a reader should know of this bound before believing that it is the best there is. */
export function boundNotes(bound: AnalyticBoundSection | undefined, chance: number): readonly Note[] {
  if (bound?.best === undefined) return [];
  return [...looseness(bound.best.value, chance), ...edge(bound)];
}

/** Whether a bound leaves so much to be desired that an optimised one should be looked at: more than half of what guessing has. */
export function isLoose(value: number, chance: number): boolean {
  return value > chance / 2;
}

function looseness(value: number, chance: number): readonly Note[] {
  if (!isLoose(value, chance)) return [];
  const says =
    value < chance
      ? `The bound, ${percentUp(value)}, is below the error of guessing, ${percent(chance)}, by less than half of it.`
      : `The bound, ${percentUp(value)}, is vacuous: it is not below the error of guessing, ${percent(chance)}.`;
  return [
    {
      title: 'A tighter bound',
      kind: 'warning',
      text: `${says} Its posterior follows from a formula and was not optimised; “hyperribbon bound” optimises one on the same data, and is tighter as a rule.`,
    },
  ];
}

/** A best member at an end of what was tried may have a better one beyond. */
function edge({ best, candidates }: AnalyticBoundSection): readonly Note[] {
  const tried = candidates.filter(({ plugIn }) => plugIn !== undefined);
  const at = tried.findIndex(({ j }) => j === best?.j);
  if (tried.length < 2 || (at !== 0 && at !== tried.length - 1)) return [];
  const shown = (i: number): string => tried.at(i)!.precision.toPrecision(3);
  const which = at === 0 ? 'smallest' : 'largest';
  return [
    {
      title: 'The best ε stands at an end of its grid',
      kind: 'warning',
      text: `ε = ${shown(at)} is the ${which} of the ${tried.length} that were tried, ${shown(0)} to ${shown(-1)}: beyond it the bound may be smaller. The certificate holds all the same.`,
    },
  ];
}
