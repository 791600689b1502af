// One random function: its program, its gradient, its Hessian products in two ways, and it over a stack of examples.
import { add, compile, convert, dot, grad, jvp, sum, trace, vmap } from '@hyperribbon/autodiff';
import { differences } from './compare.mjs';
import { randomFunction } from './randomFunction.mjs';

/** Every program that was tried, and what was found. */
export function fuzz(seed) {
  const { f, specs, inputs } = randomFunction(seed);
  const total = (...xs) =>
    f(...xs)
      .map((y) => sum(y))
      .reduce((a, b) => add(a, convert(b, a.dtype)));
  const cases = [['value', f, specs, inputs]];
  const direction = inputs[0].map((_, i) => Math.cos(i));
  const slope = (x, ...rest) => grad(total)(x, ...rest);
  cases.push(['gradient', (...xs) => [grad(total)(...xs)], specs, inputs]);
  const second = [
    [...specs, specs[0]],
    [...inputs, direction],
  ];
  if (seed % 2 === 0) {
    cases.push([
      'forward over reverse',
      (...xs) => [jvp((x) => slope(x, ...xs.slice(1, -1)))([xs[0]], [xs.at(-1)])[1]],
      ...second,
    ]);
    cases.push([
      'reverse over reverse',
      (...xs) => [grad((x) => dot(slope(x, ...xs.slice(1, -1)), xs.at(-1)))(xs[0])],
      ...second,
    ]);
  } else {
    const examples = [0, 1, 2, 3][seed % 4 === 1 ? 2 : (seed >> 2) % 4];
    const stack = (x) =>
      x.constructor.from({ length: x.length * examples }, (_, i) =>
        x.length === 0 ? 0 : x[(i + ((i / x.length) | 0)) % x.length],
      );
    const stacked = specs.map(({ shape, dtype }) => ({ shape: [examples, ...shape], dtype }));
    cases.push(['vmap', vmap(f), stacked, inputs.map(stack)]);
  }
  return cases.map(([kind, g, itsSpecs, itsInputs]) => ({
    kind,
    finding: check(kind, g, itsSpecs, itsInputs, f, specs),
  }));
}

function check(kind, g, specs, inputs, f, single) {
  try {
    const { program } = trace(g, specs);
    const engine = inputs[0].length % 2 === 0 ? 'wasm' : 'typescript';
    const run = compile(g, specs, { deterministic: true, engine });
    const found = differences(program, inputs, () => run(...inputs).map((x) => x.slice()));
    if (found.length === 0 && kind === 'vmap') found.push(...oneByOne(f, single, inputs, specs, run));
    return found[0];
  } catch (error) {
    if (/digamma|trigamma|tetragamma/.test(error.message)) return undefined;
    return `${error.stack.split('\n').slice(0, 4).join(' | ')}`;
  }
}

/** The function of each example alone, interpreted, against the stack's results. */
function oneByOne(f, specs, inputs, stacked, run) {
  const [examples] = stacked[0].shape;
  const { program } = trace(f, specs);
  const results = run(...inputs).map((x) => x.slice());
  return Array.from({ length: examples }, (_, i) => {
    const own = inputs.map((x) => x.slice((i * x.length) / examples, ((i + 1) * x.length) / examples));
    return differences(program, own, () =>
      results.map((x) => x.slice((i * x.length) / examples, ((i + 1) * x.length) / examples)),
    ).map((text) => `example ${i}: ${text}`);
  }).flat();
}
