// The tiles of gemm in the deterministic flavour, whose products need registers of their own: see gemmTile.ts. The fast flavour reads
// tileSizes.fast.ts in place of this file. No order of summation depends on them.

/** rows of a tile of C, and of a packed panel of A */
export const MR: i32 = 5;
/** 1 where gemmTileWide is faster on engines that join 128-bit operations; joined, 5 × 8 runs at 1.6 times the wide tile here */
export const WIDE: i32 = 0;
