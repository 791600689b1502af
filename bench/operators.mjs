// Symmetric operators whose eigenvalues are known in closed form: what eigsh.mjs asks everyone about. eigsh_scipy.py has the same ones.

/** Dirichlet five-point stencil on an m × m grid: 4 − 2 cos(iπ/(m+1)) − 2 cos(jπ/(m+1)). */
function laplacian(m) {
  const size = m * m;
  const one = Array.from({ length: m }, (_, i) => 2 - 2 * Math.cos(((i + 1) * Math.PI) / (m + 1)));
  return {
    size,
    apply(x, out) {
      for (let row = 0; row < m; row++) {
        const first = row * m;
        for (let i = first; i < first + m; i++) {
          let sum = 4 * x[i];
          if (i > first) sum -= x[i - 1];
          if (i < first + m - 1) sum -= x[i + 1];
          if (row > 0) sum -= x[i - m];
          if (row < m - 1) sum -= x[i + m];
          out[i] = sum;
        }
      }
    },
    values: () => one.flatMap((a) => one.map((b) => a + b)),
  };
}

/** The Laplacian of the d-dimensional hypercube: 2j with multiplicity d over j. */
function hypercube(d) {
  const size = 2 ** d;
  return {
    size,
    apply(x, out) {
      for (let i = 0; i < size; i++) {
        let sum = d * x[i];
        for (let bit = 1; bit < size; bit *= 2) sum -= x[i ^ bit];
        out[i] = sum;
      }
    },
    values: () => {
      let degrees = [0];
      for (let dimension = 0; dimension < d; dimension++) degrees = degrees.flatMap((degree) => [degree, degree + 2]);
      return degrees;
    },
  };
}

/** A sloppy spectrum: five decades over the first 200 values, two more over all the rest. */
function sloppy(size) {
  const values = Float64Array.from({ length: size }, (_, i) =>
    i < 200 ? 10 ** (-i / 40) : 10 ** (-5 - (2 * (i - 200)) / size),
  );
  return {
    size,
    apply(x, out) {
      for (let i = 0; i < size; i++) out[i] = values[i] * x[i];
    },
    values: () => values,
  };
}

const families = { laplacian, hypercube, sloppy };

/** An operator by family and parameter, and its k largest eigenvalues, descending. */
export function testOperator({ family, parameter, k }) {
  const operator = families[family](parameter);
  return { ...operator, top: () => Float64Array.from(operator.values()).sort().toReversed().slice(0, k) };
}

/** Largest distance from the truth relative to ‖A‖, and whether it is the right set, multiplicities counted, within the tolerance. */
export function judge(values, { family, parameter, k, tol }) {
  const truth = testOperator({ family, parameter, k }).top();
  const sorted = Float64Array.from(values).sort().toReversed();
  const error = Math.max(...sorted.map((value, i) => Math.abs(value - truth[i]))) / Math.abs(truth[0]);
  return { error, right: sorted.length === k && error <= Math.max(tol, 50 * 2 ** -52) };
}
