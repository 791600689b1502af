import { el } from './markup.js';

/** Corners of the shapes by the index of their colour, for radius 1; undefined: a circle. */
const shapes: readonly (string | undefined)[] = [
  '-0.9,-0.9 0.9,-0.9 0.9,0.9 -0.9,0.9', // square
  undefined,
  '0,-1.25 1.15,0.85 -1.15,0.85', // triangle
  '0,-1.35 1.35,0 0,1.35 -1.35,0', // diamond
  '0,1.25 1.15,-0.85 -1.15,-0.85', // triangle, point down
  '-1.2,-0.55 -0.55,-1.2 0,-0.65 0.55,-1.2 1.2,-0.55 0.65,0 1.2,0.55 0.55,1.2 0,0.65 -0.55,1.2 -1.2,0.55 -0.65,0', // cross
  '-0.45,-1.3 0.45,-1.3 0.45,-0.45 1.3,-0.45 1.3,0.45 0.45,0.45 0.45,1.3 -0.45,1.3 -0.45,0.45 -1.3,0.45 -1.3,-0.45 -0.45,-0.45', // plus
];

/** A mark whose shape goes with its colour, so that curves are told apart without colours. */
export function marker(colour: number, { x, y }: { readonly x: number; readonly y: number }, r: number): string {
  const look = { class: `mark f${colour}` };
  const corners = shapes[colour % shapes.length];
  if (corners === undefined) return el('circle', { ...look, cx: x, cy: y, r });
  const points = corners.split(' ').map((corner) => {
    const [dx, dy] = corner.split(',').map(Number);
    return `${Math.round((x + r * dx) * 100) / 100},${Math.round((y + r * dy) * 100) / 100}`;
  });
  return el('polygon', { ...look, points: points.join(' ') });
}

/** Of so many points along a curve, those that carry a mark: all of a few, else eight or nine, those of each colour elsewhere, and the last. */
export function markedPoints(count: number, colour: number): readonly number[] {
  if (count <= 10) return Array.from({ length: count }, (_, i) => i);
  const step = Math.ceil(count / 8);
  const first = Math.floor((step * ((colour % 7) + 1)) / 8);
  const places = Array.from({ length: Math.ceil((count - first) / step) }, (_, i) => first + i * step);
  return [...places.filter((i) => i < count - 1 - step / 3), count - 1];
}
