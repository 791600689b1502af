import type { TrainProgress } from '@hyperribbon/nn';

/** "epoch 3/20, loss 0.1234, error 4.56 %" */
export function trainingText({ detail }: TrainProgress, epochs: number): string {
  if (detail === undefined) return '';
  const { epoch, loss, error } = detail;
  return `epoch ${epoch + 1}/${epochs}, loss ${loss.toFixed(4)}, error ${(100 * error).toFixed(2)} %`;
}
