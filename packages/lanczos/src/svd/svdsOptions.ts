import type { EigshSettings } from '../eigsh/eigshOptions.js';

/** of eigsh that do not suit singular values: eigenpairs, ends and vectors are those of another matrix */
export const FOREIGN = ['above', 'below', 'deflate', 'v0', 'blockSize'] as const;
/** nor the smallest ones, whose search is several */
export const FOREIGN_TO_SMALLEST = ['noise', 'storage', 'resume', 'checkpointEvery', 'onCheckpoint'] as const;

export type SvdsOptions = {
  readonly k: number;
  /** 'LA' largest (default), 'SA' smallest of the min(rows, columns) singular values */
  readonly which?: 'LA' | 'SA';
} & Omit<EigshSettings, 'k' | 'which' | (typeof FOREIGN)[number]>;
