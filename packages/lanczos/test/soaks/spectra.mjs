// What the soaks of eigenvalue problems draw from: spectra that are known, numbers one at a time, and the lists that are wanted of a spectrum.

/** u() ← the next uniform number of a stream. */
export function uniforms(draw) {
  const one = new Float64Array(1);
  return () => {
    draw.uniform(one);
    return one[0];
  };
}

/** By name: n eigenvalues. */
export const spectra = {
  integers: (n, u) => Array.from({ length: n }, () => Math.floor(u() * 12)),
  uniform: (n, u) => Array.from({ length: n }, () => u() - 0.5),
  sloppy: (n, u) => Array.from({ length: n }, (_, i) => 10 ** (-8 * u() - (i % 3))),
  clusters: (n, u) => Array.from({ length: n }, (_, i) => (i % 5) + 1e-9 * u()),
  lowRank: (n, u) => Array.from({ length: n }, (_, i) => (i < 3 ? u() - 0.5 : 0)),
  grid: (n) => Array.from({ length: n }, (_, i) => 4 * Math.sin((Math.PI * (i + 1)) / (2 * (n + 1))) ** 2),
};

const ends = {
  LA: (all, k) => all.slice(0, k),
  SA: (all, k) => all.slice(-k),
  BE: (all, k) => [...all.slice(0, Math.ceil(k / 2)), ...all.slice(all.length - Math.floor(k / 2))],
  LM: (all, k) =>
    all
      .slice()
      .sort((a, b) => Math.abs(b) - Math.abs(a))
      .slice(0, k),
};
const descending = (list) => Array.from(list).sort((a, b) => b - a);

/**
 * In what a list of values differs from the wanted one: a place that is off by more than `slack`, or a value listed more often than it is one. For LM signs of equal sizes may be either.
 */
export function faultsOf(listed, all, { k, which, slack }) {
  const by = (x) => (which === 'LM' ? Math.abs(x) : x);
  const [want, have] = [descending(ends[which](descending(all), k).map(by)), descending(Array.from(listed, by))];
  const near = (list, value, width) => Array.from(list).filter((other) => Math.abs(other - value) <= width).length;
  return {
    want,
    have,
    off: want.length !== have.length || want.some((value, i) => Math.abs(value - have[i]) > slack),
    multiplicity: Array.from(listed).some((value) => near(listed, value, slack) > near(all, value, 3 * slack)),
  };
}
