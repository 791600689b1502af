import type { TrainProgress } from '@hyperribbon/nn';

/** "epoch 3/20, loss 0.1234, error 4.56 %"; without the error where examples have targets */
export function trainingText({ detail }: TrainProgress, epochs: number): string {
  if (detail === undefined) return '';
  const { epoch, loss, error } = detail;
  const mistakes = Number.isNaN(error) ? '' : `, error ${(100 * error).toFixed(2)} %`;
  return `epoch ${epoch + 1}/${epochs}, loss ${loss.toFixed(4)}${mistakes}`;
}
