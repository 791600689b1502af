import { integer, number } from '../../page/format.js';
import { list, numeric, paragraph, section, small, subsection, table, type Cell } from '../../page/parts.js';
import { shortStanding, sizeOf } from '../normBounds/texts.js';
import type { ComplexityMeasure, ComplexityMeasuresSection } from './shape.js';

export function complexityMeasuresDetails({ measures, examples, reference }: ComplexityMeasuresSection): string {
  const known = measures.filter(({ undefinedBecause }) => undefinedBecause === undefined);
  const without = measures.filter(({ undefinedBecause }) => undefinedBecause !== undefined);
  const caveats = bySentence(known);
  return section(
    'measures',
    'Measures of complexity',
    paragraph(
      `What networks are compared by; a number alone says nothing. Reported as papers do: √(μ/m), or ½(ln μ − ln m) of products over layers, m = ${integer(examples)}.` +
        (reference === undefined ? '' : ` Distances are to ${reference}.`),
    ),
    table(
      ['measure', ...numeric('eq.', 'μ', 'reported', 'standard error'), 'standing', 'source'],
      known.map((measure) => [
        measure.name,
        measure.equation === undefined ? null : String(measure.equation),
        sizeOf(measure.logValue),
        reportedOf(measure),
        measure.standardError === undefined ? null : number(measure.standardError, 2),
        shortStanding[measure.standing],
        measure.source,
      ]),
      { dense: true },
    ),
    small(
      'eq.: number of the equation in [jiang2020], as the code of [dziugaite2020] gives it. Standard errors are of what rests on random draws.',
    ),
    without.length === 0
      ? ''
      : subsection(
          'Without a value',
          list(without.map(({ name, undefinedBecause }) => `${name}: ${undefinedBecause}`)),
        ),
    caveats.length === 0 ? '' : subsection('Caveats', list(caveats)),
  );
}

/** Each caveat once, behind the measures that have it. */
function bySentence(measures: readonly ComplexityMeasure[]): readonly string[] {
  const sentences = new Set(measures.flatMap(({ caveats }) => caveats));
  return [...sentences].map((sentence) => {
    const names = measures.filter(({ caveats }) => caveats.includes(sentence)).map(({ name }) => name);
    return `${names.join(', ')}: ${sentence}`;
  });
}

function reportedOf({ reported, reportedIs }: ComplexityMeasure): Cell {
  if (reported !== null) return number(reported, 4);
  return reportedIs === 'log' ? '−∞' : null;
}
