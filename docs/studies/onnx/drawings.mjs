// Drawings as the symbol classifier of npm's detypify-service takes them: white strokes of width 8 on black, 224 × 224, the longer side 204.
import { stream } from '@hyperribbon/random';

const SIDE = 224;
const RADIUS = 4;

/** One to three bent strokes, random by the seed and the drawing's number. @returns (SIDE·SIDE,) in [0, 1] */
export function drawing(seed, index) {
  const draws = new Float64Array(64);
  stream({ seed, purpose: 'drawings', index }).uniform(draws);
  const count = 1 + Math.floor(3 * draws[0]);
  const strokes = Array.from({ length: count }, (_, s) => {
    const at = 1 + 10 * s;
    const [x0, y0, x1, y1, x2, y2, x3, y3] = draws.subarray(at, at + 8);
    return Array.from({ length: 41 }, (__, i) => {
      const t = i / 40;
      const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
      return [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3];
    });
  });
  return painted(fitted(strokes));
}

/** Many drawings, one a row. */
export function drawings(seed, count) {
  const all = new Float32Array(count * SIDE * SIDE);
  for (let i = 0; i < count; i++) all.set(drawing(seed, i), i * SIDE * SIDE);
  return all;
}

function fitted(strokes) {
  const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis]));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = (SIDE - 20) / Math.max(right - left, bottom - top, 1e-6);
  const place = (value, low, high) => Math.round((value - (low + high) / 2) * scale + SIDE / 2);
  return strokes.map((stroke) => stroke.map(([x, y]) => [place(x, left, right), place(y, top, bottom)]));
}

/** Brightness by the distance to the nearest stroke: a pixel wide at its edge. */
function painted(strokes) {
  const image = new Float64Array(SIDE * SIDE);
  for (const stroke of strokes)
    for (let i = 1; i < stroke.length; i++) {
      const [[x0, y0], [x1, y1]] = [stroke[i - 1], stroke[i]];
      const [dx, dy] = [x1 - x0, y1 - y0];
      const range = (a, b) => [Math.max(0, Math.min(a, b) - 6), Math.min(SIDE - 1, Math.max(a, b) + 6)];
      const [[left, right], [top, bottom]] = [range(x0, x1), range(y0, y1)];
      for (let y = top; y <= bottom; y++)
        for (let x = left; x <= right; x++) {
          const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / Math.max(dx * dx + dy * dy, 1)));
          const far = Math.sqrt((x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2);
          const bright = Math.min(1, Math.max(0, RADIUS + 0.5 - far));
          image[y * SIDE + x] = Math.max(image[y * SIDE + x], bright);
        }
    }
  return image;
}
