import type { Equation, Program, Window } from '@hyperribbon/autodiff';

/**
 * Lipschitz constant in the 2-norm of an operation on one array that is no function of single numbers: pooling, sums, what moves or repeats numbers.
 * undefined: there is none, or it is not known.
 *
 * Each output of a pool reads a window of k numbers and each number is read by up to o windows: the maximum stretches by √o, the mean, with weights 1/k, by
 * √(o/k) (the root of the largest row sum times the largest column sum).
 */
export function stretchOf({ values }: Program, { op, inputs, output, params }: Equation): number | undefined {
  const [before, after] = [sizeOf(values[inputs[0]].shape), sizeOf(values[output].shape)];
  switch (op) {
    case 'reshape':
    case 'transpose':
    case 'slice':
    case 'pad':
    case 'convert':
    case 'stopGradient':
    case 'reduceMax':
      return 1;
    case 'broadcast':
      return Math.sqrt(after / before);
    case 'reduceSum':
      return Math.sqrt(before / after);
    case 'averagePool':
      return Math.sqrt(overlapOf(params.window!) / (params.window!.kh * params.window!.kw));
    default:
      return undefined;
  }
}

/** How many windows read one number, at most. */
export function overlapOf({ kh, kw, strideH, strideW, dilationH = 1, dilationW = 1 }: Window): number {
  return alongAxis(kh, strideH, dilationH) * alongAxis(kw, strideW, dilationW);
}

/** Positions of a window whose entries, `dilation` apart, hit one place as it moves by `stride`: those with equal remainders. */
function alongAxis(kernel: number, stride: number, dilation: number): number {
  const counts = new Map<number, number>();
  for (let a = 0; a < kernel; a++) {
    const rest = (a * dilation) % stride;
    counts.set(rest, (counts.get(rest) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
