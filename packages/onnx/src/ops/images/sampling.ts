import type { Call } from '../../values/call.js';
import { range } from '../../values/shapes.js';

/** An axis that gets another number of places. */
export interface Line {
  readonly length: number;
  readonly count: number;
  readonly scale: number;
  readonly from: number;
  readonly to: number;
}

/** Where each place of the result lies on the axis that it is taken from, as a coordinate. */
export function placesOf(call: Call, { length, count, scale, from, to }: Line): number[] {
  const mode = call.text('coordinate_transformation_mode', call.opset < 11 ? 'asymmetric' : 'half_pixel');
  const shrunk = (length / 2) * (1 - count / (scale * length));
  const rules: Readonly<Record<string, (i: number) => number>> = {
    half_pixel: (i) => (i + 0.5) / scale - 0.5,
    half_pixel_symmetric: (i) => shrunk + (i + 0.5) / scale - 0.5,
    pytorch_half_pixel: (i) => (count > 1 ? (i + 0.5) / scale - 0.5 : 0),
    // the wanted length before it is cut to a whole number
    align_corners: (i) => (scale * length > 1 ? (i * (length - 1)) / (scale * length - 1) : 0),
    asymmetric: (i) => i / scale,
    tf_half_pixel_for_nn: (i) => (i + 0.5) / scale,
    tf_crop_and_resize: (i) =>
      count > 1
        ? from * (length - 1) + (i * (to - from) * (length - 1)) / (count - 1)
        : 0.5 * (from + to) * (length - 1),
  };
  const rule = Object.hasOwn(rules, mode)
    ? rules[mode]
    : call.refuse(`places pixels by ${mode}, which is not computed`);
  return range(count).map(rule);
}

/** For each coordinate the entries that it is made of and their weights. */
export function tapsOf(call: Call, places: readonly number[], length: number): (readonly [number, number])[][] {
  const mode = call.text('mode', 'nearest');
  const inside = (at: number): number => Math.min(Math.max(at, 0), length - 1);
  if (mode === 'nearest') {
    const round = nearestOf(call);
    return places.map((x) => [[inside(round(x)), 1]]);
  }
  if (mode === 'linear' || mode === 'bilinear')
    return places.map((x) => {
      const low = Math.floor(x);
      return [
        [inside(low), 1 - (x - low)],
        [inside(low + 1), x - low],
      ];
    });
  if (mode !== 'cubic') return call.refuse(`resizes by ${mode}, which is not computed`);
  const [a, exclude] = [call.float('cubic_coeff_a', -0.75), call.int('exclude_outside', 0) === 1];
  return places.map((x) => {
    const first = Math.floor(x) - 1;
    const taps = range(4, first).map((at): [number, number] => [at, cubic(Math.abs(x - at), a)]);
    const seen = exclude ? taps.filter(([at]) => at >= 0 && at < length) : taps;
    const total = exclude ? seen.reduce((sum, [, weight]) => sum + weight, 0) : 1;
    return seen.map(([at, weight]) => [inside(at), weight / total]);
  });
}

function nearestOf(call: Call): (x: number) => number {
  const mode = call.text('nearest_mode', call.opset < 11 ? 'floor' : 'round_prefer_floor');
  const rules: Readonly<Record<string, (x: number) => number>> = {
    round_prefer_floor: (x) => Math.ceil(x - 0.5),
    round_prefer_ceil: (x) => Math.floor(x + 0.5),
    floor: Math.floor,
    ceil: Math.ceil,
  };
  return Object.hasOwn(rules, mode) ? rules[mode] : call.refuse(`rounds places by ${mode}, which is not computed`);
}

/** Keys' kernel with the coefficient a. */
function cubic(x: number, a: number): number {
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}
