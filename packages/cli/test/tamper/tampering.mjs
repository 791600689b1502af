import { isArgumentError } from '@hyperribbon/contract';
import { AssumptionError, CertificateError, verifyCertificate } from '@hyperribbon/pac-bayes';
import { stream } from '@hyperribbon/random';
import { arrayEdits, fieldEdits, redigested, reissued, renamed } from './edits.mjs';
import { examinerOf, honestCertificates } from './honest.mjs';

/**
 * Changes certificates of every kind and verifies them with data and arrays at hand.
 *
 * @param each tamperings of each kind; the first are all that are listed in `named`, the rest drawn at random: a field or an array or two of them, the
 *   digest made anew, or the whole carried through
 * @returns counts, and what was verified though it was changed, with the reason why that is no forgery
 */
export async function tamper({ each, seed, tell = () => {}, certificates }) {
  const counts = { tried: 0, refused: 0, unread: 0, incomplete: 0, left: [], survivors: [] };
  for (const [kind, honest] of Object.entries(certificates ?? (await honestCertificates()))) {
    const random = stream({ seed, purpose: `tamper/${kind}` });
    const fields = [...fieldEdits(honest.certificate)];
    const arrays = [...arrayEdits(honest.arrays)];
    const pick = (list) => list[random.integer(list.length)];
    for (let i = 0; i < each; i++) {
      const [two, of, how] = [random.integer(3) === 0, random.integer(4), random.integer(3)];
      const edits = [of === 0 ? pick(arrays) : pick(fields), ...(two ? [pick(of === 1 ? arrays : fields)] : [])];
      await attempt(kind, honest, edits, ['digest', 'digests of arrays', 'carried through'][how], counts);
    }
    tell(`${kind}: ${counts.tried} tried, ${counts.survivors.length} verified`);
  }
  return counts;
}

async function attempt(kind, { certificate, arrays }, edits, how, counts) {
  const name = `${edits.map((edit) => edit.name).join(' & ')} (${how})`;
  const draft = structuredClone(certificate);
  const given = { ...arrays };
  let forged;
  try {
    for (const edit of edits) edit.edit(edit.array === undefined ? draft : given);
    forged =
      how === 'digest'
        ? redigested(draft)
        : how === 'carried through'
          ? reissued(renamed(draft, given))
          : renamed(draft, given);
  } catch {
    return; // nothing that could be written down
  }
  const { digest } = certificate;
  const untouched =
    Object.keys(given).join() === Object.keys(arrays).join() &&
    Object.keys(arrays).every((key) => same(given[key], arrays[key]));
  if (forged.digest === digest && untouched) return;
  counts.tried++;
  try {
    const {
      verdict,
      certificate: read,
      remeasured,
    } = await verifyCertificate(JSON.stringify(forged), { examine: examinerOf(given), seed: 9 });
    if (verdict === 'refused') counts.refused++;
    else if (verdict === 'incomplete') {
      counts.incomplete++;
      counts.left.push(`${kind}: ${name}`);
    } else counts.survivors.push({ kind, name, forged, why: justification(certificate, read, remeasured) });
  } catch (error) {
    if (error instanceof CertificateError || error instanceof AssumptionError || isArgumentError(error))
      counts.unread++;
    else throw new Error(`${kind}: ${name}`, { cause: error });
  }
}

const same = (a, b) =>
  a.length === b.length && a.BYTES_PER_ELEMENT === b.BYTES_PER_ELEMENT && a.every((x, i) => Object.is(x, b[i]));

/** Why a changed record that verifies is no forgery. */
function justification(honest, read) {
  const differing = [...differences(used(honest), used(read), '')].filter((path) => path !== 'digest');
  const notes = /^(posterior\.(description|saw)|caveats|software\.(version|command|kernels\.engine))/;
  const rest = differing.filter((path) => !notes.test(path));
  if (rest.length === 0) return 'notes, which the verifier shows as the issuer said them';
  if (rest.every((path) => path === 'prior.basis.origin.seed'))
    return 'another seed of labels, which the eigenvectors of inputs do not depend on: the very same prior';
  if (rest.every((path) => /^(theorem|claim|deltas|risk\.(delta|upper|method|selection)|assumptions)/.test(path)))
    return 'another statement from the same measurements, issued in full: true as it stands';
  return 'NOT JUSTIFIED';
}

/** The record with those splits alone that something names: others are beside the point. */
function used({ data, ...record }) {
  const { mean, basis } = record.prior;
  const named = new Set([
    data.bound,
    data.chance,
    ...mean.saw,
    ...(basis?.saw ?? []),
    ...record.prior.scales.flatMap(({ saw = [] }) => saw),
  ]);
  const splits = data.splits.filter(({ name }) => named.has(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...record, data: { ...data, splits } };
}

function* differences(a, b, path) {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (!Object.is(a, b)) yield path;
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
    yield* differences(a[key], b[key], path === '' ? key : `${path}.${key}`);
}
