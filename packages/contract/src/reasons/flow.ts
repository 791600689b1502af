/** Why an integration of a gradient flow ended. */
export type FlowReason = 'reached-end' | 'chosen-by-rounding' | 'max-steps' | 'step-underflow' | 'aborted';

/** Where an exact solution ends. */
export type LimitReason =
  | 'target'
  | 'rank-limited'
  | 'opposite-determinants'
  | 'singular-overlap'
  | 'wrong-sign'
  | 'at-saddle';

/** How plain descent ended, and how a search for an interpolating map did. */
export type DescentReason = 'done' | 'diverged';
export type InterpolationReason = 'interpolates' | 'least-squares' | 'not-converged';

/** What each reason means and what to do about it. */
export const flowReasons: Readonly<Record<FlowReason | LimitReason | DescentReason | InterpolationReason, string>> = {
  'reached-end': 'The integration came to the last time asked for.',
  'chosen-by-rounding':
    'The flow came so near to a saddle that rounding had grown to more than a millionth of the weights: from the time where roundingShares passes 1e-6 on, the exact flow may stay where this one left. Ask for earlier times, start away from the saddle, or use lambdaBalancedFlow or endToEndFlow, which keep the rank of the start.',
  'max-steps':
    'The integration used up maxSteps. Raise maxSteps, or ask for an earlier last time: once the loss is flat nothing is learned from going on.',
  'step-underflow':
    'No step was small enough: the weights blow up or the loss is not smooth there. Check that the loss is bounded below and the targets finite.',
  aborted: 'The signal was aborted. What is returned belongs to the times that were reached before.',
  target: 'The flow converges to the target.',
  'rank-limited':
    'The narrowest layer, or the rank of the initial weights, is below the rank of the target: the flow converges to the best map of that rank.',
  'opposite-determinants':
    'The product of the initial weights and the target have determinants of opposite sign. The sign is conserved, so the exact flow converges to a saddle whose residual is the smallest singular value of the target; a simulation leaves it late, by rounding alone. Flip the sign of one row of one weight matrix, or use more hidden units.',
  'singular-overlap':
    'The initial weights have no overlap with a direction that the target needs, so the exact flow converges to a saddle. Perturb the initial weights, or draw them at random.',
  'wrong-sign':
    'The mode starts with the sign opposite to its target. Balanced layers cannot change it: the mode decays to 0, a saddle.',
  'at-saddle':
    'The mode starts at 0, where the gradient vanishes: it stays there. Start from a small value that is not 0.',
  done: 'All steps were taken and every recorded loss is finite.',
  diverged: 'A loss is no longer finite: the learning rate is too large for the curvature. Halve learningRate.',
  interpolates: 'The map fits every target.',
  'least-squares':
    'The targets are not in the range of the inputs, so no map fits them all: this is the least-squares map of least penalty, where the flow ends.',
  'not-converged':
    'The Newton iteration stalled: alpha is too extreme for double precision. Take alpha nearer to the size of the map, or fewer layers.',
};
