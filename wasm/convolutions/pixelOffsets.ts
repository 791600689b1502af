// Where the patch of each pixel of a convolution's output starts in images (batch, height, width, channels) without padding.

/**
 * Writes `count` offsets in bytes (u32) for the pixels from `first` on of an output (batch, oh, ow). The number at (ky, kx, c) of a
 * pixel's patch lies ((ky · width + kx) · channels + c) numbers behind its offset, for every pixel the same.
 */
// prettier-ignore
export function pixelOffsets<T>(first: i32, count: i32, height: i32, width: i32, channels: i32, strideH: i32, strideW: i32, oh: i32, ow: i32, out: usize): void {
  const row = first / ow;
  let image = row / oh;
  let oy = row - image * oh;
  let ox = first - row * ow;
  const step = <usize>(strideW * channels) * sizeof<T>();
  let at = rowOffset<T>(image, oy * strideH, height, width, channels) + <usize>ox * step;
  for (; count > 0; --count) {
    store<u32>(out, <u32>at);
    out += 4;
    at += step;
    if (++ox < ow) continue;
    ox = 0;
    if (++oy == oh) {
      oy = 0;
      ++image;
    }
    at = rowOffset<T>(image, oy * strideH, height, width, channels);
  }
}

function rowOffset<T>(image: i32, y: i32, height: i32, width: i32, channels: i32): usize {
  return <usize>(image * height + y) * <usize>(width * channels) * sizeof<T>();
}

/** Offsets of `count` rows of a matrix, ld bytes apart. */
export function rowOffsets(first: i32, count: i32, ld: usize, out: usize): void {
  let at = <usize>first * ld;
  for (; count > 0; --count) {
    store<u32>(out, <u32>at);
    out += 4;
    at += ld;
  }
}

/** One of a list of offsets. */
export function offsetAt(list: usize, i: i32): usize {
  return <usize>load<u32>(list + <usize>(i << 2));
}
