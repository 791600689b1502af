import type { Emitter } from './emitter.js';
import type { Place } from '../instruction.js';

/** Is this place a whole temporary buffer, free to be taken over? */
export function isOwnBuffer(e: Emitter, x: Place): boolean {
  const buffer = e.buffers[x.buffer]!;
  return buffer.region === 'temporary' && buffer.parent === undefined && x.bytes === buffer.bytes && x.bytes > 0;
}

/** A range of bytes inside a place. */
export function subPlace(place: Place, offset: number, bytes: number): Place {
  return { buffer: place.buffer, offset: place.offset + offset, bytes };
}
