import type { Certificate, DrawnRisk, Verification } from '@hyperribbon/pac-bayes';
import type { Colors } from './colors.js';
import { percentDown, percentUp } from './percent.js';

/** What a person wants to know of a checked certificate. Its texts have no control characters: the parser saw to that. */
export function verificationText(result: Verification, colors: Colors, columns: number): string {
  const { certificate } = result;
  const { claim, theorem, risk, divergence, prior, data, posterior } = certificate;
  const lines = ['', head(result, colors), ''];
  const row = (name: string, text: string): void => {
    wrapped(text, columns - indent).forEach((line, i) =>
      lines.push(`  ${colors.dim((i === 0 ? name : '').padEnd(12))} ${line}`),
    );
  };
  row('theorem', `${theorem.title} ${theorem.source}, n = ${theorem.n}`);
  row(
    'divergence',
    `KL ${nats(divergence.kl)} = ${nats(divergence.covariance)} covariance + ${nats(divergence.displacement)} displacement, ${divergence.dimension} weights`,
  );
  row('penalty', `${nats(theorem.penalty)}; right-hand side ${theorem.rate.toPrecision(6)}`);
  if (risk.kind === 'exact') row('empirical', `${percent(risk.value)}, exact: ${risk.how}`);
  else {
    row(
      'empirical',
      `mean ${percent(risk.mean)} of ${risk.trials} trials, ${risk.scheme} draws: ${risk.units} independent units`,
    );
    row('', `at most ${percent(risk.upper)} (${risk.method}, delta ${risk.delta}; ${selectionText(risk)})`);
  }
  priorLines(prior).forEach((line, i) => row(i === 0 ? 'prior' : '', line));
  row('posterior', posterior.description);
  for (const split of data.splits)
    row(
      split.name === data.bound ? 'bound on' : 'also used',
      `"${split.name}": ${split.count} examples of ${split.dataset}, ${split.digest}`,
    );
  if (data.labels !== null) row('labels', `replaced by random ones of seed ${data.labels.seed}, as a control`);
  row('delta', `${certificate.deltas.map((d) => `${d.delta} (${d.purpose})`).join(' + ')} = ${claim.delta}`);
  if (result.remeasured !== undefined) {
    const { mean, units, interval, seed } = result.remeasured;
    row(
      'fresh draws',
      `mean ${percent(mean)} of ${units}, compatible with ${percent(interval[0])} to ${percent(interval[1])}; seed ${seed} (--seed ${seed} repeats them)`,
    );
  }
  lines.push('');
  result.checked.forEach((what, i) => row(i === 0 ? 'checked' : '', what));
  for (const missing of result.unchecked) row('not checked', missing);
  if (result.verdict !== 'refused') {
    certificate.assumptions.forEach(({ text }, i) => row(i === 0 ? 'to believe' : '', text));
    for (const caveat of certificate.caveats) row('caveat', caveat);
  }
  return `${lines.join('\n')}\n`;
}

function priorLines({ mean, basis, scales }: Certificate['prior']): readonly string[] {
  return [
    `mean: ${mean.description}, saw ${seen(mean.saw)}`,
    ...(basis === null ? [] : [`basis: ${basis.description}, saw ${seen(basis.saw)}`]),
    ...scales.map((scale) => `${scale.name}: ${scale.value} (${howChosen(scale)})`),
  ];
}

function howChosen(scale: Certificate['prior']['scales'][number]): string {
  if (scale.kind === 'grid') return `member ${scale.index} of a grid, paid for`;
  return scale.kind === 'listed' ? `one of ${scale.members.length}, paid for` : `fixed, saw ${seen(scale.saw)}`;
}

/** The verdict, and what is certified by it. */
function head(result: Verification, colors: Colors): string {
  const { verdict, certificate, remeasured } = result;
  const { claim, risk } = certificate;
  if (verdict === 'refused') return refused(certificate, result, colors);
  const what = risk.loss.kind === 'zero-one' ? 'true error' : 'true risk';
  const claimed = `${what} of the random classifier ≤ ${colors.bold(percent(claim.bound))} with probability ≥ ${percent(claim.confidence, 'down')}`;
  const lines =
    verdict === 'verified'
      ? [`  ${colors.green('✔ verified')}   ${claimed}`]
      : [
          `  ${colors.yellow('! not verified')}  ${onlyArithmetic(result) ? 'arithmetic only: the numbers fit each other, which those of a forged certificate do too' : 'nothing speaks against it, but not all was checked'}`,
          `               it claims: ${claimed}`,
        ];
  if (remeasured?.bound !== undefined)
    lines.push(
      `               the verifier's own draws certify ≤ ${colors.bold(percent(remeasured.bound))}${verdict === 'verified' ? '' : ', if all that was not checked is as it says'}`,
    );
  lines.push(
    `               guessing: ${percent(claim.chance)}${claim.vacuous ? colors.yellow(': the bound is vacuous') : ''}`,
  );
  return lines.join('\n');
}

function onlyArithmetic({ checked }: Verification): boolean {
  return checked.length === 1;
}

function refused({ claim }: Certificate, { reasons, recomputed }: Verification, colors: Colors): string {
  const lines = [`  ${colors.red('✘ refused')}    it claims a bound of ${percent(claim.bound)}`];
  if (recomputed.bound !== undefined)
    lines.push(`               its own ingredients, as recorded, give ${percent(recomputed.bound)}`);
  for (const { code, path, message } of reasons)
    lines.push(`  ${colors.red('·')} ${colors.bold(code)} ${colors.dim(path)}`, `    ${message}`);
  return lines.join('\n');
}

/** Spaces before the text of a row. */
const indent = 15;

/** Lines of at most `width` characters, broken between words. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function selectionText({ selection: { kind, candidates } }: DrawnRisk): string {
  if (kind === 'fixed') return 'the posterior was final before any draw';
  return kind === 'divided' ? `the best of ${candidates}, each of which paid` : 'fresh draws after the choice';
}

/** Two decimals of a percentage, rounded to the side on which the statement stays true. */
function percent(share: number, side: 'up' | 'down' = 'up'): string {
  return side === 'up' ? percentUp(share) : percentDown(share);
}

function nats(x: number): string {
  return `${x.toFixed(2)} nats`;
}

function seen(names: readonly string[]): string {
  return names.length === 0 ? 'no data' : names.map((name) => `"${name}"`).join(', ');
}
