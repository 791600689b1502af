import type { Examples } from '@hyperribbon/nn';

/** Sides of images in which a minimum is certified within seconds: the rank of its Hessian grows with the features. */
const side = 7;

/**
 * Images of 7 × 7 pixels, each the mean of a block, where examples are images whose sides are multiples of 7 and larger; other examples as
 * they are.
 */
export function averagedImages(examples: Examples): Examples {
  const { shape, inputs, count, features } = examples;
  if (shape?.length !== 3) return examples;
  const [channels, height, width] = shape;
  if (height % side !== 0 || width % side !== 0 || (height === side && width === side)) return examples;
  const [rows, columns] = [height / side, width / side];
  const size = channels * side * side;
  const means = new Float64Array(count * size);
  for (let i = 0; i < count; i++)
    for (let at = 0; at < features; at++) {
      const channel = Math.floor(at / (height * width));
      const [y, x] = [Math.floor((at % (height * width)) / width), at % width];
      const block = Math.floor(y / rows) * side + Math.floor(x / columns);
      means[i * size + channel * side * side + block] += inputs[i * features + at] / (rows * columns);
    }
  return { ...examples, inputs: means, features: size, shape: [channels, side, side] };
}
