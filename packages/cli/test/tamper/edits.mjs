// Every way in which somebody might change a certificate and what came with it: each field, each array, pairs of both, and what follows from a change
// carried through by the very code that issues certificates.
import { certificateDigest, drawSeed, issueCertificate, weightsDigest } from '@hyperribbon/pac-bayes';

/** Places of everything in a record, with what is there. */
export function* places(value, path = []) {
  if (path.length > 0) yield { path, value };
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) yield* places(value[key], [...path, Array.isArray(value) ? Number(key) : key]);
}

/** Other values for a place. */
function othersFor(value) {
  if (value === null) return [0, 1, '', 'x', false, {}, []];
  if (typeof value === 'number') {
    const whole = Number.isInteger(value) ? [value + 1, value - 1, 2 * value, 10 * value, Math.floor(value / 2)] : [];
    return [...new Set([...whole, 0.5 * value, 0.99 * value, 1.01 * value, 1, 0, -value, null])].filter(
      (x) => x !== value,
    );
  }
  if (typeof value === 'string')
    return ['', `${value} `, `${value}x`, 'bound', 'held-out', 'init', value.toUpperCase(), null];
  if (typeof value === 'boolean') return [!value, null];
  if (Array.isArray(value)) {
    const [first] = value;
    return [
      [],
      null,
      ...(value.length === 0 ? [['x']] : [value.slice(1), value.slice(0, -1), [...value, first], value.toReversed()]),
    ];
  }
  return [null, {}];
}

const at = (record, path) => path.reduce((found, key) => found[key], record);

/** Edits of a record: other values, properties left out, properties misspelt. */
export function* fieldEdits(certificate) {
  for (const { path, value } of places(certificate)) {
    if (path[0] === 'digest') continue;
    const name = path.join('.');
    for (const other of othersFor(value))
      yield {
        name: `${name} := ${JSON.stringify(other)?.slice(0, 40)}`,
        path,
        edit: (draft) => void (at(draft, path.slice(0, -1))[path.at(-1)] = other),
      };
    if (typeof path.at(-1) === 'number') continue;
    yield { name: `${name} left out`, path, edit: (draft) => void delete at(draft, path.slice(0, -1))[path.at(-1)] };
    yield {
      name: `${name} misspelt`,
      path,
      edit(draft) {
        const parent = at(draft, path.slice(0, -1));
        parent[`${path.at(-1)}s`] = value;
        delete parent[path.at(-1)];
      },
    };
  }
}

/** Edits of what came with it; `renamed` ones have their digests made anew, and the seed that follows from them. */
export function* arrayEdits(arrays) {
  const names = Object.keys(arrays);
  const changes = {
    'one number by a digit': (a) => a.map((x, i) => (i === a.length >> 1 ? x * (1 + 1e-6) + 1e-12 : x)),
    'one number': (a) => a.map((x, i) => (i === 0 ? x + 0.1 : x)),
    halved: (a) => a.map((x) => 0.5 * x),
    doubled: (a) => a.map((x) => 2 * x),
    'a zero': (a) => a.map((x, i) => (i === 1 ? 0 : x)),
    'not a number': (a) => a.map((x, i) => (i === 1 ? Number.NaN : x)),
    reversed: (a) => a.toReversed(),
    shorter: (a) => a.slice(1),
    'in float64': (a) => Float64Array.from(a, (x) => x * (1 + 1e-15)),
  };
  for (const name of names) {
    for (const [what, change] of Object.entries(changes))
      yield { name: `${name}: ${what}`, array: name, edit: (given) => void (given[name] = change(given[name])) };
    yield { name: `${name}: left out`, array: name, edit: (given) => void delete given[name] };
    for (const other of names)
      if (other !== name)
        yield { name: `${name} := ${other}`, array: name, edit: (given) => void (given[name] = given[other].slice()) };
  }
  yield { name: 'one more array', array: 'extra', edit: (given) => void (given.extra = Float32Array.of(1)) };
}

/** The record with its digest made anew: what somebody would do who knows how. */
export function redigested(draft) {
  return { ...draft, digest: certificateDigest(draft) };
}

/** The record with digests of the arrays, and the seed of their draws. */
export function renamed(draft, arrays) {
  const weights = Object.entries(arrays).map(([name, data]) => ({ name, digest: weightsDigest(data) }));
  draft.posterior.weights = weights;
  if (draft.risk.draws !== null) draft.risk.seed = drawSeed(weights, { ...draft.risk, ...draft.risk.draws });
  return redigested(draft);
}

/** The record issued anew from its ingredients, edits and all, so that all that follows from them fits. @throws where it would not be issued */
export function reissued(draft) {
  const { theorem, risk, divergence, deltas, software, claim } = draft;
  const known = (record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
  const { covariance, displacement, kl: _kl, parts, ...shape } = divergence;
  const drawn =
    risk.kind === 'exact'
      ? {}
      : {
          delta: deltas.find(({ purpose }) => purpose === 'draws')?.delta,
          groups: undefined,
          examplesPerDraw: risk.scheme === 'random-subset' ? risk.trials / risk.passes : undefined,
          ...(risk.errors === null ? {} : { mean: undefined }),
        };
  const pinned = risk.draws === null ? {} : { seed: drawSeed(draft.posterior.weights, { ...risk, ...risk.draws }) };
  return issueCertificate({
    ...draft,
    theorem: theorem.id,
    delta: theorem.delta,
    loss: known(risk.loss),
    risk: Object.fromEntries(
      Object.entries({ ...known(risk), ...drawn, ...pinned }).filter(([, value]) => value !== undefined),
    ),
    divergence: known({ ...shape, ...(parts === null ? { covariance, displacement } : { parts }) }),
    prior: known(draft.prior),
    posterior: known(draft.posterior),
    data: known(draft.data),
    chance: claim.chance,
    kernels: software.kernels,
    command: software.command ?? undefined,
  });
}
