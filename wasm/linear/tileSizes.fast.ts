// The tiles of gemm in the fast flavour: tileSizes.ts.

/** rows of a tile of C, and of a packed panel of A */
export const MR: i32 = 6;
/** 1 where gemmTileWide is faster on engines that join 128-bit operations */
export const WIDE: i32 = 1;
