import { gather } from '../rules/indexing.js';
import type { Pattern } from './reading.js';

/** Rows or columns of a matrix by their numbers, as take writes it: number · stride + the place within the row. */
export const embedding: Pattern = (reading, { inputs: [table, places] }) => {
  const { program, made, draft } = reading;
  const { shape } = program.values[table];
  const total = made(places, 'convert');
  const sum = total && made(total.inputs[0], 'add');
  const [first, rest] = [sum && made(sum.inputs[0], 'broadcast'), sum && made(sum.inputs[1], 'broadcast')];
  if (shape.length !== 2 || first === undefined || rest === undefined) return undefined;
  const axis = first.params.axes![0] === 0 && rest.params.axes!.join() !== '0' ? 0 : 1;
  const scaled = made(first.inputs[0], 'mul');
  const stride = scaled === undefined ? 1 : made(scaled.inputs[1], 'full')?.params.value;
  const whole = made(scaled === undefined ? first.inputs[0] : scaled.inputs[0], 'convert');
  const checked = whole && made(whole.inputs[0], 'gatherFlat');
  const offsets = reading.constant(rest.inputs[0]);
  if (checked === undefined || offsets === undefined || stride !== (axis === 0 ? shape[1] : 1)) return undefined;
  const steps = axis === 0 ? 1 : shape[1];
  const numbers = reading.constant(checked.inputs[0]);
  const fits =
    numbers?.length === shape[axis] &&
    offsets.length === shape[1 - axis] &&
    Array.from(numbers).every((number, i) => number === i) &&
    Array.from(offsets).every((place, i) => place === i * steps);
  return fits ? gather(draft, reading.hold(table), reading.hold(checked.inputs[1]), axis) : undefined;
};
