import { addDD, divideDD, logDD, multiplyDD, sqrtDD, subtractDD, type DoubleDouble } from './doubleDouble.js';

export type MatrixDD = DoubleDouble[][];

/**
 * L of S = L L', from the lower triangle of S.
 * @param pivotFails called with a pivot that is not above `least` of the entry it came from; throws
 */
export function choleskyDD(S: MatrixDD, least = 0, pivotFails?: (row: number, pivot: number) => never): MatrixDD {
  const L: MatrixDD = [];
  for (let i = 0; i < S.length; i++) {
    const row: DoubleDouble[] = [];
    for (let j = 0; j <= i; j++) {
      let s = S[i][j];
      for (let k = 0; k < j; k++) s = subtractDD(s, multiplyDD(row[k], (i === j ? row : L[j])[k]));
      if (i === j && !(s[0] > least * S[i][i][0])) pivotFails?.(i, s[0]);
      row.push(i === j ? sqrtDD(s) : divideDD(s, L[j][j]));
    }
    L.push(row);
  }
  return L;
}

/** L^-1 b */
export function solveLowerDD(L: MatrixDD, b: readonly DoubleDouble[]): DoubleDouble[] {
  const x: DoubleDouble[] = [];
  for (let i = 0; i < b.length; i++) {
    let s = b[i];
    for (let j = 0; j < i; j++) s = subtractDD(s, multiplyDD(L[i][j], x[j]));
    x.push(divideDD(s, L[i][i]));
  }
  return x;
}

/** (L L')^-1 b */
export function solveDD(L: MatrixDD, b: readonly DoubleDouble[]): DoubleDouble[] {
  const x = solveLowerDD(L, b);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < x.length; j++) x[i] = subtractDD(x[i], multiplyDD(L[j][i], x[j]));
    x[i] = divideDD(x[i], L[i][i]);
  }
  return x;
}

/** ln det(L L') */
export function logDeterminantDD(L: MatrixDD): DoubleDouble {
  let sum: DoubleDouble = [0, 0];
  for (let i = 0; i < L.length; i++) sum = addDD(sum, logDD(L[i][i]));
  return addDD(sum, sum);
}
