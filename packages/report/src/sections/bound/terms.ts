// What stands beside the numbers of every bound, in the place where they stand.

export const klTerm =
  'KL is the Kullback-Leibler divergence of the posterior from the prior, in nats (1 nat = 1.44 bits): the price of having moved (distance) and of having ' +
  'become more certain (noise).';

export const penaltyTerm = 'The penalty pays, in nats, for choosing from a grid and for the failure probability δ.';
