import { poolImages } from '@hyperribbon/data';

/**
 * Two images side by side, each averaged to 14 × 14; class 1 where both are of one kind. No linear map sees that: each image by itself says nothing.
 *
 * @param kinds two classes of the images
 */
export function pairsOfImages(all, kinds, count) {
  const { inputs, labels } = poolImages(all);
  const rows = [...labels.keys()].filter((i) => kinds.includes(labels[i]));
  const pairs = new Float32Array(count * 392);
  const same = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const two = [rows[2 * i], rows[2 * i + 1]];
    two.forEach((row, side) => {
      for (let y = 0; y < 14; y++)
        pairs.set(inputs.subarray(row * 196 + 14 * y, row * 196 + 14 * y + 14), i * 392 + 28 * y + 14 * side);
    });
    same[i] = labels[two[0]] === labels[two[1]] ? 1 : 0;
  }
  return { inputs: pairs, labels: same, count, features: 392, shape: [1, 14, 28], classes: 2 };
}
