/** A command line may hold anything; nobody computes with it. */
export function printable(command: string): string {
  return command.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?').slice(0, 4000);
}
