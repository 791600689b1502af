/** Where the choice of steps stands: plain data. */
export interface StepControlState {
  /** the last measured S; 0 before the first */
  readonly sharpness: number;
  /** steps between measurements of S */
  readonly every: number;
  readonly sinceMeasured: number;
  /** steps between checks, growing to what was asked for: errors are largest where a flow starts */
  readonly checkEvery: number;
  readonly sinceCheck: number;
}

/** How long steps are, when S is measured, and which steps are made again in halves. */
export interface StepControl {
  /** whether S must be measured before the next step */
  due(): boolean;
  measured(sharpness: number): void;
  /** min(α/S, mostStep); Infinity where S ≤ 0 and nothing else limits it */
  step(): number;
  /** Counts the step that is about to be made; whether it is made again in halves. */
  checked(): boolean;
  /** steps that the last check stands for */
  sinceCheck(): number;
  state(): StepControlState;
}

/** most steps without a measurement of S */
const longest = 64;

/**
 * Steps min(α/S, mostStep): S is measured after every 1, 2, 4, … 64 steps, twice as seldom while it moves by less than 1 % between two measurements and half as
 * seldom once it moves by more than 5 %. Checked are the first step and those 2, 4, 8, … and at last `check` steps later.
 */
export function stepControl(
  { safety, mostStep, check }: { readonly safety: number; readonly mostStep: number; readonly check: number },
  resume?: StepControlState,
): StepControl {
  let { sharpness, every, sinceMeasured, checkEvery, sinceCheck } = resume ?? {
    sharpness: 0,
    every: 1,
    sinceMeasured: Infinity,
    checkEvery: 1,
    sinceCheck: 0,
  };
  let counted = sinceCheck;
  return {
    due: () => sinceMeasured >= every,
    measured(now) {
      const moved = Math.abs(now - sharpness) / Math.max(Math.abs(now), Math.abs(sharpness));
      if (moved > 0.05) every = Math.max(1, every / 2);
      else if (!(moved > 0.01)) every = Math.min(longest, 2 * every);
      sharpness = now;
      sinceMeasured = 0;
    },
    step: () => Math.min(sharpness > 0 ? safety / sharpness : Infinity, mostStep),
    checked() {
      sinceMeasured += 1;
      sinceCheck += 1;
      if (check === 0 || sinceCheck < checkEvery) return false;
      counted = sinceCheck;
      checkEvery = Math.min(check, 2 * checkEvery);
      sinceCheck = 0;
      return true;
    },
    sinceCheck: () => counted,
    state: () => ({ sharpness, every, sinceMeasured, checkEvery, sinceCheck }),
  };
}
