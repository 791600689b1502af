/** Seconds of the steps of a run, in order. */
export interface StepTimes {
  readonly seconds: { step: string; seconds: number }[];
  readonly timed: <T>(step: string, work: () => T | Promise<T>) => Promise<T>;
}

export function stepTimes(): StepTimes {
  const seconds: { step: string; seconds: number }[] = [];
  return {
    seconds,
    timed: async (step, work) => {
      const began = performance.now();
      const value = await work();
      seconds.push({ step, seconds: (performance.now() - began) / 1000 });
      return value;
    },
  };
}
