import { integer } from '../../page/format.js';
import type { SampleMaps } from './shape.js';

/** "500 training samples" */
export function where({ samples, sampleCount }: SampleMaps): string {
  return `${integer(sampleCount)} ${samples === 'train' ? 'training' : 'test'} samples`;
}
