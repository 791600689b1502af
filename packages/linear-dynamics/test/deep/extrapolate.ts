/** An integrator that shares nothing with the package's: Gragg's midpoint rule extrapolated to order 16 (Bulirsch and Stoer), adaptive. */
export function extrapolate(
  field: (y: readonly number[]) => number[],
  start: readonly number[],
  times: ArrayLike<number>,
  tolerance = 2e-14,
): number[][] {
  const columns = 8;
  let y = [...start];
  let t = 0;
  let H = 0.02;
  const out: number[][] = [];
  for (const until of Array.from(times)) {
    while (t < until) {
      const h = Math.min(H, until - t);
      const table: number[][] = [];
      for (let k = 0; k < columns; k++) {
        const n = 2 * (k + 1);
        table.push(midpoint(field, y, h, n));
        for (let j = k - 1; j >= 0; j--) {
          const ratio = (n / (2 * (j + 1))) ** 2 - 1;
          table[j] = table[j + 1]!.map((v, i) => v + (v - table[j]![i]!) / ratio);
        }
      }
      const best = table[0]!;
      const size = Math.max(...best.map(Math.abs), 1e-300);
      // the next-best value used one column less
      const error = Math.max(...best.map((v, i) => Math.abs(v - table[1]![i]!))) / (size * tolerance);
      if (!(error <= 1) && (h > 1e-4 || error !== error)) {
        H = h * 0.7;
        continue;
      }
      y = best;
      t = h === until - t ? until : t + h;
      if (error < 0.2) H = Math.min(H * 1.2, 10);
    }
    out.push([...y]);
  }
  return out;
}

function midpoint(field: (y: readonly number[]) => number[], y: readonly number[], H: number, n: number): number[] {
  const h = H / n;
  let before = [...y];
  let f = field(y);
  let here = y.map((v, i) => v + h * f[i]!);
  for (let m = 1; m < n; m++) {
    f = field(here);
    const next = before.map((v, i) => v + 2 * h * f[i]!);
    [before, here] = [here, next];
  }
  f = field(here);
  return here.map((v, i) => (v + before[i]! + h * f[i]!) / 2);
}
