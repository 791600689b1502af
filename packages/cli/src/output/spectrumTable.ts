import type { NetworkSpectrum } from '@hyperribbon/landscape';

const shown = 24;

/**
 * Eigenvalues with their residual norms, aligned; long lists are cut in the middle.
 *
 * @param performance loss and error of the network, beside those of guessing; absent where there are no labels, which its gradient depends on too
 */
export function spectrumTable(result: NetworkSpectrum, performance?: string): string {
  const { values, residualNorms } = result;
  const rows: string[] = [];
  const row = (i: number): void => {
    const below = Math.abs(values[i]) < result.noiseFloor ? '  below the noise floor' : '';
    rows.push(
      `${String(i).padStart(6)}  ${significant(values[i]).padStart(14)}  ${residualNorms[i].toExponential(1).padStart(9)}${below}`,
    );
  };
  if (values.length <= shown) for (let i = 0; i < values.length; i++) row(i);
  else {
    for (let i = 0; i < shown - 4; i++) row(i);
    rows.push('   ...');
    for (let i = values.length - 3; i < values.length; i++) row(i);
  }
  const head = [
    '',
    `  ${performance ?? 'no labels: loss and error are not known, and this matrix does not depend on them'}`,
    `  ${performance === undefined ? '' : `gradient norm ${significant(result.gradientNorm)}, `}kernels ${result.kernels.engine}, ${result.kernels.flavour}`,
    '',
    ` index      eigenvalue   residual`,
  ];
  return `${[...head, ...rows].join('\n')}\n`;
}

function significant(value: number): string {
  return value.toPrecision(8);
}
