import { coordinate, el } from '../../page/markup.js';
import { marker } from '../../page/marker.js';
import type { EnsembleRun, InpcaMap } from './shape.js';

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Where the i-th triple of coordinates is drawn. */
export type Place = (coordinates: readonly number[], i: number) => Pixel;

/** Linear runs as lines behind, nonlinear ones in front; each checkpoint a dot, the last one larger. */
export function trajectories(
  map: InpcaMap,
  runs: readonly Pick<EnsembleRun, 'family'>[],
  colours: ReadonlyMap<number, number>,
  place: Place,
): string[] {
  const rank = (run: number): number => (runs[run].family === 'linear' ? 0 : 1);
  const order = [...map.runs].sort((a, b) => rank(a.run) - rank(b.run));
  return order.map(({ run, coordinates }) => {
    const points = places(coordinates, place);
    const colour = colours.get(run) ?? 5;
    const dots = points.map(({ x, y }, i) => {
      const end = i === points.length - 1;
      const dot = el('circle', { class: `f${colour}`, cx: x, cy: y, r: 1.35, 'fill-opacity': 0.75 });
      return end ? dot + marker(colour, { x, y }, 3.6) : dot;
    });
    return (
      el('polyline', { class: `thin s${colour}`, 'stroke-opacity': '0.5', points: joined(points) }) + dots.join('')
    );
  });
}

export function places(coordinates: readonly number[], place: Place): readonly Pixel[] {
  return Array.from({ length: coordinates.length / 3 }, (_, i) => place(coordinates, i));
}

export function joined(points: readonly Pixel[]): string {
  return points.map(({ x, y }) => `${coordinate(x)},${coordinate(y)}`).join(' ');
}

/** Where every network starts out from saying nothing, and where none arrives. */
export function landmarks({ ignorance, truth }: InpcaMap, place: Place): string {
  return (
    (ignorance === undefined ? '' : landmarkAt(place(ignorance, 0), 'ignorance')) +
    (truth === undefined ? '' : landmarkAt(place(truth, 0), 'truth'))
  );
}

export function hasLandmarks({ ignorance, truth }: InpcaMap): boolean {
  return ignorance !== undefined || truth !== undefined;
}

export function landmarkAt({ x, y }: Pixel, kind: 'ignorance' | 'truth'): string {
  return kind === 'ignorance'
    ? el('circle', { class: 'hollow ink', cx: x, cy: y, r: 5 })
    : el('rect', { class: 'hollow ink', x: x - 4.5, y: y - 4.5, width: 9, height: 9 });
}

/** Ranges of the first three coordinates with a margin; undefined where there is nothing to draw. */
export function extents(map: InpcaMap): readonly (readonly [low: number, high: number])[] | undefined {
  const lists = [...map.runs.map(({ coordinates }) => coordinates), map.ignorance ?? [], map.truth ?? []];
  const ranges = [0, 1, 2].map((k): [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (const list of lists)
      for (let i = k; i < list.length; i += 3) {
        low = Math.min(low, list[i]);
        high = Math.max(high, list[i]);
      }
    return [low, high];
  });
  if (!ranges.every(([low, high]) => high >= low)) return undefined;
  const size = Math.max(...ranges.map(([low, high]) => high - low));
  if (!(size > 0) || !(size < 1e150)) return undefined;
  return ranges.map(([low, high]) => [low - 0.03 * size, high + 0.03 * size] as const);
}
