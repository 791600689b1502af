import type { Note } from '@hyperribbon/report';

/** What the numbers of a study mean; reconstructions are named as such. */
export const ribbonNotes: readonly Note[] = [
  {
    title: 'A model as a point',
    kind: 'explanation',
    text:
      'A network is looked at only through its predictions: the probabilities that it gives to the classes of a fixed list of samples. The distance of two ' +
      'networks is the Bhattacharyya divergence −ln Σ √(p q), averaged over the samples, in nats. A training run is a curve of such points.',
  },
  {
    title: 'The map',
    kind: 'explanation',
    text:
      'Intensive principal component analysis centres the matrix of divergences and diagonalises it. Divergences are no Euclidean distances, so some ' +
      'eigenvalues are negative: their coordinates are imaginary, and squared differences along them are subtracted. With all coordinates the divergences are ' +
      'reproduced exactly. Explained stress says how much of the matrix the first k coordinates hold.',
  },
  {
    title: 'Out of sample',
    kind: 'explanation',
    text:
      'The map made by linear models is fixed before any nonlinear network is looked at; those are then placed by their divergences to the linear ones. Their ' +
      'stress is that of their own divergences, explained by the places they were given. How the paper defines stress for embedded points is not known to us.',
  },
  {
    title: 'Linear regression',
    kind: 'reconstruction',
    text:
      'The covariance of trajectories, the phase diagram and its boundaries are a reconstruction following arXiv 2505.08915: the objects named in its abstract ' +
      '(decay of the input spectrum, scale of the target relative to the start, number of steps), with formulas derived and checked numerically here. Which ' +
      'space, weighting and criterion the paper uses could not be confirmed; here: predictions, centred, all runs pooled, uniform in time.',
  },
  {
    title: 'What this is not',
    kind: 'warning',
    text:
      'The paper’s 71 % of stress in two dimensions is for large networks on CIFAR-10. The numbers here belong to this data set, these networks and these ' +
      'settings, and to no others.',
  },
];
