import type { Program } from './program.js';
import { canonical } from './simplify/simplify.js';

/**
 * A digest of a program with its constants: 32 hexadecimal digits, the same in every runtime.
 *
 * For telling programs apart (caches, checkpoints), not against an adversary. Cost: one pass over the constants.
 */
export function hash(program: Program): string {
  const { values, inputs, constants, equations, outputs } = program;
  const places = constants.map(({ value }) => value);
  const text = canonical({ values, inputs, places, equations, outputs });
  // four lanes of multiply-xor mixing with different odd multipliers: 128 bits
  const lanes = Int32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
  for (let i = 0; i < text.length; i++) mix(lanes, text.charCodeAt(i));
  for (const { data } of constants) {
    const words = new Int32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    mix(lanes, words.length);
    for (const word of words) mix(lanes, word);
  }
  for (let round = 0; round < 8; round++) mix(lanes, round);
  return [...lanes].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Each lane takes the word and its neighbour's state, so that every bit reaches all lanes. */
function mix(lanes: Int32Array, word: number): void {
  let [a, b, c, d] = lanes;
  a = Math.imul((a ^ word) + (d >>> 15), 0x9e3779b1);
  b = Math.imul((b ^ word) + (a >>> 13), 0x85ebca77);
  c = Math.imul((c + word) ^ (b >>> 16), 0xc2b2ae3d);
  d = Math.imul((d + word) ^ (c >>> 14), 0x27d4eb2f);
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
  lanes[3] = d;
}
