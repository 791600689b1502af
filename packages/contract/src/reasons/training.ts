/** Why a descent over batches ended. */
export type TrainingReason = 'finished' | 'aborted' | 'non-finite-loss';

/** What each reason means and what to do about it. */
export const trainingReasons: Readonly<Record<TrainingReason, string>> = {
  finished: 'All epochs ran.',
  aborted: 'The signal was aborted. The weights are those after the last whole step; resume continues from here.',
  'non-finite-loss':
    'A loss or a gradient was NaN or infinite. The weights are those before that step. Lower the learning rate, or look at the ' +
    'weights that the run began with.',
};
