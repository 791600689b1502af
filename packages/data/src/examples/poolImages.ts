import { refuse } from '@hyperribbon/contract';
import { type DataSet, makeExamples } from './examples.js';

export interface PoolImagesOptions {
  /** of each image, before; default: square images, √features */
  readonly height?: number;
  readonly width?: number;
  /** side of the squares that are averaged, an integer >= 1 that divides height and width (default 2) */
  readonly factor?: number;
}

/**
 * Averages squares of pixels: (height, width) images become (height/factor, width/factor). For studies that need small inputs.
 *
 * @param examples one-channel images, row-major, flattened
 * @returns new examples of the same dtype and labels, with a name of their own
 * @throws ArgumentError when the sizes do not fit
 * Cost: one pass.
 * @example
 * const { train } = await mnist({ limit: 1000 });
 * poolImages(train).features; // 196
 */
export function poolImages(examples: DataSet, options: PoolImagesOptions = {}): DataSet {
  const { inputs, count, features, labels, classes, name } = examples;
  const side = Math.sqrt(features);
  const { height = side, width = side, factor = 2 } = options;
  const whole = [height, width, factor, height / factor, width / factor].every((x) => Number.isInteger(x) && x >= 1);
  if (!whole || height * width !== features)
    refuse(
      'poolImages',
      `height × width must be the ${features} features and factor divide both, got height=${height}, width=${width}, factor=${factor}`,
    );
  const [rows, columns] = [height / factor, width / factor];
  const length = count * rows * columns;
  const pooled = inputs.BYTES_PER_ELEMENT === 4 ? new Float32Array(length) : new Float64Array(length);
  let at = 0;
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const corner = image * features + row * factor * width + column * factor;
        let sum = 0;
        for (let dy = 0; dy < factor; dy++) {
          for (let dx = 0; dx < factor; dx++) sum += inputs[corner + dy * width + dx];
        }
        pooled[at++] = sum / (factor * factor);
      }
    }
  }
  return makeExamples(`${name}, pooled ${factor} × ${factor}`, pooled, labels, classes, [1, rows, columns]);
}
