/** adding and subtracting 1.5 · 2^52 rounds to the nearest integer, ties to even, in every engine and in SIMD alike */
export const ROUND = 6755399441055744;
export const LOG2_E = 1.4426950408889634;
/** ln 2 in two parts [cody1980]; the first has 32 bits, so k · LN2_HIGH is exact for |k| < 2^21 */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;
/** 2^-54: below it eˣ − 1 and ln(1 + x) round to x */
export const TINY = 5.551115123125783e-17;
