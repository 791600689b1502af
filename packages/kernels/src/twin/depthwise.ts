import type { DepthwiseSizes, KernelTable } from '../modules/kernelTable.js';
import type { TwinMemory } from './twinMemory.js';

type Depthwise = Pick<KernelTable, 'depthwise' | 'depthwiseInput' | 'depthwiseWeights'>;

/** Visits each product: places of image, weights and output, in numbers of pixels. */
type Visit = (image: number, weight: number, output: number) => void;

/** Convolution of NHWC images that keeps channels apart, and its transposes; sums in the order that wasm/images/depthwise.ts says */
export function depthwiseTwins({ elements: a, shift, round }: TwinMemory): Depthwise {
  /** out += first · w, at the places of the output or of the image */
  const spread = (given: readonly number[], onImage: boolean): void => {
    const [sizes, channels, from, w, out] = parted(given, shift);
    const [batch, height, width] = sizes;
    a.fill(0, out, out + batch * channels * (onImage ? height * width : sizes[12] * sizes[13]));
    forEachProduct(sizes, (image, weight, output) => {
      const [read, written] = onImage ? [output, image] : [image, output];
      for (let c = 0; c < channels; c++) {
        const to = out + written * channels + c;
        a[to] = a[to]! + round(a[from + read * channels + c]! * a[w + weight * channels + c]!);
      }
    });
  };
  return {
    depthwise: (...given) => spread(given, false),
    depthwiseInput: (...given) => spread(given, true),
    depthwiseWeights(...given) {
      const [sizes, channels, x, y, out] = parted(given, shift);
      const [batch, height, , , kh, kw] = sizes;
      const [oh, ow] = [sizes[12], sizes[13]];
      const n = kh * kw * channels;
      a.fill(0, out, out + n);
      const sums = new Float64Array(n);
      for (let i = 0; i < batch; i++) {
        sums.fill(0);
        const one: DepthwiseSizes = [...sizes];
        one[0] = 1;
        forEachProduct(one, (image, weight, output) => {
          const [from, other] = [x + (i * height * sizes[2] + image) * channels, y + (i * oh * ow + output) * channels];
          for (let c = 0; c < channels; c++) {
            const to = weight * channels + c;
            sums[to] = round(sums[to]! + round(a[from + c]! * a[other + c]!));
          }
        });
        for (let k = 0; k < n; k++) a[out + k] = a[out + k]! + sums[k]!;
      }
    },
  };
}

/** Sizes, channels, and the three pointers as places among the elements. */
function parted(
  given: readonly number[],
  shift: number,
): [sizes: DepthwiseSizes, channels: number, first: number, second: number, out: number] {
  const sizes = given.slice(0, 14) as unknown as DepthwiseSizes;
  const [first, second, out] = given.slice(14).map((pointer) => pointer >>> shift) as [number, number, number];
  return [sizes, sizes[3], first, second, out];
}

/** In the order batch, oy, ox, ky, kx; what lies outside the image is left out. */
function forEachProduct(
  [batch, height, width, , kh, kw, strideH, strideW, padTop, padLeft, dilationH, dilationW, oh, ow]: DepthwiseSizes,
  visit: Visit,
): void {
  for (let image = 0; image < batch; image++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        for (let ky = 0; ky < kh; ky++) {
          const y = oy * strideH + ky * dilationH - padTop;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < kw; kx++) {
            const x = ox * strideW + kx * dilationW - padLeft;
            if (x < 0 || x >= width) continue;
            visit((image * height + y) * width + x, ky * kw + kx, (image * oh + oy) * ow + ox);
          }
        }
      }
    }
  }
}
