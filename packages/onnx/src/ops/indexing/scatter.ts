import { type Tensor, constant, full, maximum, minimum, mul, reshape, select } from '@hyperribbon/autodiff';
import { scatterAdd, take } from '@hyperribbon/autodiff/array';
import { type Call, type Operator, axisOf } from '../../values/call.js';
import { range, showShape, sizeOf, stridesOf } from '../../values/shapes.js';
import { plain } from '../../values/value.js';

/** Blocks put at positions that are known: index (…, k) names the first k axes */
export const ScatterND: Operator = (call) => {
  const [x, updates] = [call.tensor(0), call.tensor(2)];
  const index = known(call);
  const depth = index.shape.at(-1) ?? 0;
  const [named, block] = [x.shape.slice(0, depth), sizeOf(x.shape.slice(depth))];
  const strides = stridesOf(named);
  const places = range(index.data.length / Math.max(1, depth)).flatMap((row) => {
    const first = named.reduce(
      (sum, length, i) => sum + wrapped(call, index.data[row * depth + i], length) * strides[i],
      0,
    );
    return range(block).map((i) => first * block + i);
  });
  return plain(call.input(0).type, scattered(call, x, places, updates));
};

/** One entry put at each position along an axis, positions known */
export const ScatterElements: Operator = (call) => {
  const [x, updates] = [call.tensor(0), call.tensor(2)];
  const index = known(call);
  const axis = axisOf(call, call.int('axis', 0), x.shape.length);
  if (index.shape.length !== x.shape.length)
    call.refuse(`positions ${showShape(index.shape)} do not fit a tensor ${showShape(x.shape)}`);
  const [own, strides] = [stridesOf(index.shape), stridesOf(x.shape)];
  const places = [...index.data].map((at, i) =>
    index.shape.reduce((sum, length, a) => {
      const place = a === axis ? wrapped(call, at, x.shape[a]) : Math.floor(i / own[a]) % length;
      return sum + place * strides[a];
    }, 0),
  );
  return plain(call.input(0).type, scattered(call, x, places, updates));
};

export const Scatter: Operator = ScatterElements;

function known(call: Call): { readonly shape: readonly number[]; readonly data: readonly number[] } {
  const data = call.numbers(1, 'the positions');
  return { shape: call.known(1)!.shape, data };
}

function wrapped(call: Call, at: number, length: number): number {
  const place = at < 0 ? at + length : at;
  if (!(place >= 0 && place < length)) call.refuse(`position ${at} is beyond an axis of length ${length}`);
  return place;
}

/** Updates at flat places, which may come up more than once: the last one counts, or all by the reduction. */
function scattered(call: Call, x: Tensor, places: readonly number[], updates: Tensor): Tensor {
  if (sizeOf(updates.shape) !== places.length)
    call.refuse(`updates ${showShape(updates.shape)} do not fit ${places.length} positions`);
  const reduction = call.text('reduction', 'none');
  const [flat, news] = [reshape(x, [sizeOf(x.shape)]), reshape(updates, [places.length])];
  if (reduction === 'add') return reshape(scatterAdd(flat, constant(Int32Array.from(places)), news), x.shape);
  const joins: Readonly<Record<string, (old: Tensor, update: Tensor) => Tensor>> = {
    none: (_, update) => update,
    mul,
    max: maximum,
    min: minimum,
  };
  if (!Object.hasOwn(joins, reduction)) return call.refuse(`reduces by ${reduction}, which is not computed`);
  const last = reduction === 'none' ? [lastOf(places)] : roundsOf(places);
  const all = last.reduce((values, round) => {
    const at = constant(Int32Array.from(round, (i) => places[i]));
    const seen = scatterAdd(full(flat.shape, 0, x.dtype), at, full([round.length], 1, x.dtype));
    const put = scatterAdd(full(flat.shape, 0, x.dtype), at, take(news, constant(Int32Array.from(round))));
    return select(seen, joins[reduction](values, put), values);
  }, flat);
  return reshape(all, x.shape);
}

/** For each place the number of its last update. */
function lastOf(places: readonly number[]): number[] {
  return [...new Map(places.map((place, i) => [place, i])).values()];
}

/** Numbers of updates in rounds in which no place comes up twice. */
function roundsOf(places: readonly number[]): number[][] {
  const counts = new Map<number, number>();
  const rounds: number[][] = [];
  places.forEach((place, i) => {
    const round = counts.get(place) ?? 0;
    counts.set(place, round + 1);
    (rounds[round] ??= []).push(i);
  });
  return rounds;
}
