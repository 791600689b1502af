import { refuse } from '@hyperribbon/contract';

/** What gemm does about an activation that its table does not have. */
export function refuseActivation(activation: number): never {
  refuse(
    'gemm',
    `activation must be one that this workspace has (createLinearWorkspace: none and relu only), got ${activation}`,
  );
}
