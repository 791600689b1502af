import type { ExampleInputs, TargetExamples } from '@hyperribbon/contract';

/** Where standardised features never are. */
const large = 100;

/** Features that drown the others, and that no learning rate fits. */
export function scaleNotes(
  { inputs, features }: ExampleInputs,
  names: readonly string[] | undefined,
): readonly string[] {
  const reach = new Float64Array(features);
  for (let i = 0, column = 0; i < inputs.length; i++) {
    const size = Math.abs(inputs[i]);
    if (size > reach[column]) reach[column] = size;
    if (++column === features) column = 0;
  }
  const wide = Array.from(reach.keys()).filter((column) => reach[column] > large);
  if (wide.length === 0) return [];
  const widest = wide.reduce((a, b) => (reach[b] > reach[a] ? b : a));
  const name = names?.[widest] ?? `feature ${widest + 1}`;
  const bytes = reach[widest] === 255 && inputs.every((value) => Number.isInteger(value) && value >= 0);
  return [
    bytes
      ? 'inputs are not scaled: whole numbers up to 255. Pixels? Save them as uint8, which is divided by 255'
      : `inputs are not scaled: ${name} reaches ${reach[widest].toPrecision(3)}${wide.length > 1 ? `, ${wide.length - 1} more beyond ${large}` : ''}; networks learn badly from features beyond a few units: subtract means, divide by deviations (--standardize)`,
  ];
}

/** Targets that no network starts near. */
export function targetNotes({ targets }: TargetExamples): readonly string[] {
  let reach = 0;
  for (const target of targets) reach = Math.max(reach, Math.abs(target));
  if (reach <= large) return [];
  return [
    `targets are not scaled: they reach ${reach.toPrecision(3)}; networks learn numbers beyond a few units slowly: subtract their mean, divide by their deviation`,
  ];
}
