import { ascii, type Row } from '../../page/rows.js';
import type { SectionView } from '../section.js';
import { complexityMeasuresDetails } from './html.js';
import type { ComplexityMeasure, ComplexityMeasuresSection } from './shape.js';

export const complexityMeasuresView: SectionView<ComplexityMeasuresSection> = {
  details: complexityMeasuresDetails,
  rows: ({ measures }) => measures.map((measure): Row => [measure.name, valueOf(measure), remarkOf(measure)]),
};

function valueOf({ reported, reportedIs, undefinedBecause }: ComplexityMeasure): string {
  if (undefinedBecause !== undefined) return 'none';
  if (reported === null) return reportedIs === 'log' ? '-inf' : '0';
  return ascii(reported, 4);
}

function remarkOf({ standardError, undefinedBecause, standing, reportedIs }: ComplexityMeasure): string {
  if (undefinedBecause !== undefined) return undefinedBecause;
  return [
    ...(standardError === undefined ? [] : [`+- ${ascii(standardError, 2)}`]),
    ...(reportedIs === 'log' ? ['a logarithm'] : []),
    ...(standing === 'paper' ? [] : [standing === 'derived' ? 'derived here' : 'reconstruction']),
  ].join(', ');
}
