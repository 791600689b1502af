import type { TestSetCertificate, TestSetVerification } from '@hyperribbon/pac-bayes';
import type { Colors } from './colors.js';
import { percent, percentDown, percentUp } from './percent.js';
import { wrapped } from './verificationText.js';

/** Spaces before the text of a row. */
const indent = 15;

/** What a person wants to know of the checked certificate of a test set. */
export function testSetText(
  { claim, theorem, risk, classifier, data, assumptions, caveats }: TestSetCertificate,
  { verdict, reasons, checked, unchecked }: TestSetVerification,
  colors: Colors,
  columns: number,
): string {
  const said = `true error of one fixed network ≤ ${colors.bold(percentUp(claim.bound))} with probability ≥ ${percentDown(claim.confidence)}`;
  const holds = verdict !== 'refused';
  const sign = verdict === 'verified' ? colors.green('✔ verified') : colors.yellow('· incomplete');
  const lines = [
    '',
    holds ? `  ${sign}   ${said}` : `  ${colors.red('✘ refused')}    it claims a bound of ${percentUp(claim.bound)}`,
  ];
  const row = (name: string, text: string): void => {
    wrapped(text, columns - indent).forEach((line, i) =>
      lines.push(`  ${colors.dim((i === 0 ? name : '').padEnd(12))} ${line}`),
    );
  };
  for (const { code, path, message } of reasons) row(code, `${path}: ${message}`);
  row('guessing', `${percent(claim.chance)}${claim.vacuous ? ': the bound is vacuous' : ''}`);
  lines.push('');
  row('theorem', `${theorem.title} ${theorem.source}, m = ${theorem.m}`);
  row('mistakes', `${risk.errors ?? percent(risk.mean)} on split "${data.test}"; delta ${claim.delta}`);
  row('network', `${classifier.description}; saw ${classifier.saw.map((name) => `"${name}"`).join(', ') || 'no data'}`);
  for (const split of data.splits)
    row(
      split.name === data.test ? 'tested on' : 'also used',
      `"${split.name}": ${split.count} examples of ${split.dataset}, ${split.digest}`,
    );
  lines.push('');
  checked.forEach((what, i) => row(i === 0 ? 'checked' : '', what));
  for (const what of unchecked) row('not checked', what);
  if (holds) {
    assumptions.forEach(({ text }, i) => row(i === 0 ? 'to believe' : '', text));
    for (const caveat of caveats) row('caveat', caveat);
  }
  return `${lines.join('\n')}\n`;
}
