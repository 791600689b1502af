/** What a watched run tells while it goes on. */
export interface EdgeDetail {
  readonly step: number;
  readonly loss: number;
  readonly sharpness: number;
  /** the curvature that the threshold is about, and the threshold: absent for rules without one */
  readonly compared?: number;
  readonly threshold?: number;
}

/** "step 200, loss 0.0123, S 18.2 of 20, 91 % of the threshold"; without a threshold the sharpness alone */
export function edgeText(detail: EdgeDetail | undefined): string {
  if (detail === undefined) return '';
  const { step, loss, sharpness, compared, threshold } = detail;
  const parts = [
    `step ${step}`,
    ...(Number.isFinite(loss) ? [`loss ${short(loss)}`] : []),
    ...(Number.isFinite(sharpness) ? [sharpnessText(sharpness, compared, threshold)] : []),
    ...(compared === undefined || threshold === undefined ? [] : [edgeVerdict(compared / threshold)]),
  ];
  return parts.join(', ');
}

function sharpnessText(sharpness: number, compared: number | undefined, threshold: number | undefined): string {
  if (compared === undefined || threshold === undefined) return `S ${short(sharpness)}`;
  // of another matrix than the Hessian
  const name = compared === sharpness ? 'S' : 'sharpness of the rule';
  return `${name} ${short(compared)} of ${short(threshold)}`;
}

/** Where a curvature stands, by its ratio to the threshold. */
export function edgeVerdict(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'not finite';
  if (ratio > 1.1) return 'above the edge';
  return ratio >= 0.9 ? 'at the edge' : 'below the edge';
}

/** Three digits or so. */
function short(value: number): string {
  return Math.abs(value) >= 1e5 || (Math.abs(value) < 1e-3 && value !== 0)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}
