import { isPlace, type Buffer, type Instruction, type Place } from '../instruction.js';

/** The same bytes named by the buffer that owns them. */
export function rootPlace(buffers: readonly Buffer[], place: Place): Place {
  let { buffer, offset } = place;
  for (let parent = buffers[buffer]!.parent; parent !== undefined; parent = buffers[buffer]!.parent) {
    offset += parent.offset;
    buffer = parent.buffer;
  }
  return { buffer, offset, bytes: place.bytes };
}

/** Instructions whose places all name owning buffers. */
export function rootInstructions(buffers: readonly Buffer[], instructions: readonly Instruction[]): Instruction[] {
  return instructions.map((instruction) => ({
    ...instruction,
    args: instruction.args.map((arg) => (isPlace(arg) ? rootPlace(buffers, arg) : arg)),
  }));
}
