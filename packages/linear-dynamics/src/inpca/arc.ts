import { atan } from '@hyperribbon/kernels';

/** 2 arcsin(√q / 2), the angle between unit vectors whose squared distance is q in [0, 4) */
export function arc(q: number): number {
  return 2 * atan(Math.sqrt(q / (4 - q)));
}
