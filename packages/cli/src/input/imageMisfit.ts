import { type AnyExamples, type Network, shapeMismatch } from '@hyperribbon/nn';

/** Why examples that are images are none of those that a network takes, and what to do; undefined where they fit, or no shape is known. */
export function imageMisfit(
  network: Network,
  { features, shape = [features] }: Pick<AnyExamples, 'features' | 'shape'>,
): string | undefined {
  const { inputs, inputShape = [inputs], name } = network;
  if (Math.min(shape.length, inputShape.length) < 2) return undefined;
  if (shapeMismatch(network, { features, shape }) === undefined) return undefined;
  return `the examples are ${described(shape)}, but ${name} takes ${described(inputShape)}${remedy(shape, inputShape)}`;
}

/** "images of 3 channels, 32 × 32" */
function described(shape: readonly number[]): string {
  const [channels, height, width] = shape.length === 2 ? [1, ...shape] : shape;
  if (shape.length > 3) return `arrays of shape [${shape.join(', ')}]`;
  return `images of ${channels === 1 ? 'one channel' : `${channels} channels`}, ${height} × ${width}`;
}

/** What would make the examples fit: nothing of it is done unasked, since a network sees other images then. */
function remedy(given: readonly number[], wanted: readonly number[]): string {
  const [[c, ...size], [channels, ...target]] = [given, wanted].map((shape) =>
    shape.length === 2 ? [1, ...shape] : shape,
  );
  const same = size.join() === target.join();
  if (same && c === 1)
    return `; for one that was trained on grey images in ${channels} equal channels save them so, x = numpy.repeat(x.reshape(-1, 1, ${size.join(', ')}), ${channels}, 1)`;
  if (!same) return `; resize or pad the images to ${target.join(' × ')}, or take a network for ${size.join(' × ')}`;
  return channels === 1 ? '; save them grey, x.mean(1), or take a network of colours' : '';
}
