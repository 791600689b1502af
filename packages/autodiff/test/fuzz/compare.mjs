// What a compiled program gives, against what the interpreter gives.
import { evaluate } from '@hyperribbon/autodiff/testing';

const epsilons = { Float32Array: 2 ** -23, Float64Array: 2 ** -52 };

/**
 * Differences beyond rounding. How far rounding may go is read from the interpreter: from how its results move when inputs move by a few
 * units in the last place.
 * @param run gives the arrays of a compiled program
 */
export function differences(program, inputs, run) {
  const wanted = evaluate(program, inputs);
  const moved = [1, 2, 3, 4, 5, 6].map((seed) =>
    evaluate(
      program,
      inputs.map((x, i) => nudged(x, 7 * seed + i)),
    ),
  );
  const got = run();
  const found = [];
  const scale = scaleInside(program, inputs);
  const single = program.values.some(({ dtype }) => dtype === 'float32');
  wanted.forEach((x, k) => {
    if (!(x.constructor.name in epsilons)) return;
    const eps = single ? 2 ** -23 : 2 ** -52;
    const norm = x.reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 0);
    x.forEach((v, i) => {
      const others = moved.map((y) => y[k][i]);
      const y = got[k][i];
      if (Object.is(v, y) || v === y) return;
      const spread = others.reduce((m, o) => Math.max(m, Math.abs(o - v)), 0);
      // where moving inputs changes the kind of the result, rounding may
      if (!Number.isFinite(v) || !Number.isFinite(spread)) {
        // sums may overflow on the way to one: ∞ − ∞
        const both = !Number.isFinite(v) && Number.isNaN(y) && Math.abs(v) === Infinity;
        if (!both && others.every((o) => Object.is(o, v))) found.push(`output ${k}[${i}]: ${y} instead of ${v}`);
        return;
      }
      // near the end of the range a sum may leave it on the way
      if (Math.abs(v) > (single ? 1e37 : 1e307) && !Number.isFinite(y)) return;
      const allowed =
        200 * spread + 500 * eps * Math.max(Math.abs(v), 1e-3 * norm) + 50 * eps * scale + (single ? 1e-43 : 1e-321);
      if (!(Math.abs(y - v) <= allowed)) found.push(`output ${k}[${i}]: ${y} instead of ${v}, allowed ${allowed}`);
    });
  });
  return found;
}

/** The largest moderate number inside of a program: what cancels leaves rounding of its size. */
function scaleInside(program, inputs) {
  const made = program.equations.map(({ output }) => output);
  let scale = 0;
  for (const array of evaluate({ ...program, outputs: made }, inputs))
    for (const x of array) if (Math.abs(x) < 1e6) scale = Math.max(scale, Math.abs(x));
  return scale;
}

/** Every number moved by up to 2 units in its last place; zeros and whole numbers of int32 stay. */
function nudged(x, seed) {
  if (!(x.constructor.name in epsilons)) return x;
  const eps = epsilons[x.constructor.name];
  return x.map((v, i) => v * (1 + ((((Math.imul(seed, 2654435761) ^ Math.imul(i + 1, 40503)) >>> 3) % 5) - 2) * eps));
}
