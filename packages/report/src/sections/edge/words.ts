import { integer, number, percent } from '../../page/format.js';
import { inline } from '../../page/markup.js';
import {
  along,
  batchEdge,
  comparedAt,
  hovering,
  risingShare,
  thresholdAt,
  thresholdOf,
  type Threshold,
} from './compared.js';
import type { EdgeMomentRow, EdgeSection, FlowMomentRow } from './shape.js';

/** What each threshold is about, as sentences name it. */
export const comparedName = {
  hessian: 'sharpness',
  'preconditioned-hessian': 'preconditioned sharpness',
  norm: 'sharpness in the norm of the rule',
} as const;

function size(value: number): string {
  return inline(number(value));
}

/** 1.02 as "2.0 % above", 0.97 as "3.0 % below". */
export function besideThreshold(ratio: number): string {
  const off = Math.abs(ratio - 1);
  return off < 5e-4 ? 'at' : `${percent(off)} ${ratio > 1 ? 'above' : 'below'}`;
}

/** Within a tenth of the threshold on average, over the last half of the run. */
export function staysAt(mean: number): boolean {
  return Math.abs(mean - 1) <= 0.1;
}

/** What the numbers of a run say, in sentences. */
export function edgeStory(content: EdgeSection): readonly string[] {
  const { threshold, ended } = content;
  const found = thresholdOf(content);
  return [
    ...(found === undefined
      ? [`No threshold is drawn: ${'why' in threshold ? sentenceOf(threshold.why) : ''}`]
      : [crossingText(content, found), hoveringText(content, found)]),
    lossText(content),
    batchText(content),
    flowText(content),
    unconverged(content),
    ...(ended === undefined ? [] : [`The run ended early: ${sentenceOf(ended)}`]),
  ].filter((sentence) => sentence !== '');
}

/** A sentence, ended once. */
function sentenceOf(sentence: string): string {
  return /[.!?]$/u.test(sentence) ? sentence : `${sentence}.`;
}

function crossingText({ moments, crossing }: EdgeSection, threshold: Threshold): string {
  const name = comparedName[threshold.of];
  const edge = `${threshold.formula} = ${size(threshold.value)}`;
  const values = along(moments, (moment) => comparedAt(threshold, moment));
  if (values.length === 0) return `The ${name} was not measured, and there is nothing to compare with ${edge}.`;
  const start = values[0][1];
  if (crossing === undefined) {
    const ratios = moments.flatMap((moment) => {
      const value = comparedAt(threshold, moment);
      return value === undefined ? [] : [{ value, ratio: value / thresholdAt(threshold, moment) }];
    });
    const most = ratios.reduce((a, b) => (b.ratio > a.ratio ? b : a));
    return `The ${name} starts at ${size(start)} and never stood above ${edge}: the largest seen is ${size(most.value)}, ${percent(most.ratio)} of it.`;
  }
  if (crossing === moments[0].step && start > thresholdAt(threshold, moments[0]))
    return `The ${name} starts at ${size(start)}, above ${edge}: the first steps are unstable, and no progressive sharpening leads to the edge.`;
  return `The ${name} starts at ${size(start)} and first stood above ${edge} at step ${integer(crossing)}.`;
}

function hoveringText(content: EdgeSection, threshold: Threshold): string {
  const found = hovering(content, threshold);
  if (content.crossing === undefined || found === undefined) return '';
  const { mean, low, high, moments } = found;
  const range = moments === 1 ? '' : ` (from ${size(low)} to ${size(high)} times)`;
  const over = `over the last half of the steps, ${moments === 1 ? 'one moment' : `${integer(moments)} moments`}`;
  return staysAt(mean)
    ? `It hovers at the edge: ${over}, its mean is ${size(mean)} times the threshold${range}, ${besideThreshold(mean)} it.`
    : `It does not stay at the edge: ${over}, its mean is ${size(mean)} times the threshold${range}.`;
}

function lossText({ moments, crossing }: EdgeSection): string {
  const rises = (share: number): string =>
    share === 0 ? 'in none of the intervals between moments' : `in ${percent(share)} of the intervals between moments`;
  const whole = risingShare(moments, 0);
  if (whole === undefined) return '';
  const after = crossing === undefined ? undefined : risingShare(moments, crossing);
  const before = crossing === undefined ? undefined : risingShare(moments, 0, crossing);
  if (after === undefined) return `The loss rises ${rises(whole)}.`;
  return before === undefined
    ? `From then on the loss rises ${rises(after)}.`
    : `Before that the loss rises ${rises(before)}, from then on ${rises(after)}.`;
}

function batchText(content: EdgeSection): string {
  const found = batchEdge(content);
  if (found === null) return '';
  const { mean, standardError, times, batchSize } = found;
  const error = Number.isFinite(standardError) ? ` ± ${size(standardError)} (over ${times} times)` : ' (at one time)';
  return `Over the last half η times the batch sharpness of ${integer(batchSize)} examples is ${size(mean)}${error}.`;
}

function flowText(content: EdgeSection): string {
  const { moments, flow = [], centralFlow = [] } = content;
  const threshold = thresholdOf(content);
  const texts: string[] = [];
  const last = flow.at(-1);
  const distances = flow.flatMap(({ step, distance }) => (distance === undefined ? [] : [[step, distance] as const]));
  const gone = distances.at(-1);
  if (last !== undefined)
    texts.push(
      `Gradient flow over the same time ends at a sharpness of ${size(last.sharpness)} and a loss of ${size(last.loss)}${gone === undefined ? '' : `; at step ${size(gone[0])} the run is ${size(gone[1])} away from it`}.`,
    );
  if (threshold?.of === 'hessian' && flow.length > 0 && flow.every(({ sharpness }) => sharpness <= threshold.value))
    texts.push(
      'The flow itself never stood above the threshold: at this learning rate there is no edge to come to in this time.',
    );
  const central = centralFlow.at(-1);
  if (central !== undefined) texts.push(centralText(central, moments.at(-1)));
  return texts.join(' ');
}

function centralText({ sharpness, critical = 0, meanLoss, distance }: FlowMomentRow, last?: EdgeMomentRow): string {
  const held =
    critical > 0 ? `, with ${integer(critical)} ${critical === 1 ? 'eigenvalue' : 'eigenvalues'} held at the edge` : '';
  const mean = meanLoss === undefined ? '' : ` and a mean loss of ${size(meanLoss)}`;
  const end = `Central flow, where such a run is on average, ends at a sharpness of ${size(sharpness)}${mean}${held}`;
  if (last === undefined || last.hessian.values.length === 0) return `${end}.`;
  const loss = last.loss === null ? '' : ` and a loss of ${size(last.loss)}`;
  const away = distance === undefined ? '' : `, ${size(distance)} away from it`;
  return `${end}; the run at ${size(last.hessian.values[0])}${loss}${away}.`;
}

function unconverged({ moments }: EdgeSection): string {
  const count = moments.filter(
    ({ hessian, preconditioned }) => !hessian.converged || preconditioned?.converged === false,
  ).length;
  return count === 0
    ? ''
    : `At ${count} of ${moments.length} moments not all eigenvalues converged: their residuals are in the record.`;
}
