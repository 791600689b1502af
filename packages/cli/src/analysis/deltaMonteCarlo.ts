/** of the draws, beside that of the bound */
export const deltaMonteCarlo = 0.01;
