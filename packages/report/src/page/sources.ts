/** Works that certificates and reports cite by key, as in docs/bibliography.md. */
const works: Readonly<Record<string, string>> = {
  yang2022:
    'R. Yang, J. Mao, P. Chaudhari, Does the data induce capacity control in deep learning?, ICML 2022, arXiv:2110.14163',
  langford2001: 'J. Langford, M. Seeger, Bounds for averaging classifiers, CMU technical report, 2001',
  dziugaite2017:
    'G. K. Dziugaite, D. M. Roy, Computing nonvacuous generalization bounds for deep (stochastic) neural networks, UAI 2017',
  maurer2004: 'A. Maurer, A note on the PAC Bayesian theorem, arXiv:cs/0411099',
  catoni2007: 'O. Catoni, PAC-Bayesian Supervised Classification, IMS Lecture Notes 56, 2007',
  mcallester1999: 'D. A. McAllester, PAC-Bayesian model averaging, COLT 1999',
  thiemann2017: 'N. Thiemann, C. Igel, O. Wintenberger, Y. Seldin, A strongly quasiconvex PAC-Bayesian bound, ALT 2017',
  perezortiz2021:
    'M. Pérez-Ortiz, O. Rivasplata, J. Shawe-Taylor, C. Szepesvári, Tighter risk certificates for neural networks, JMLR 22, 2021',
  wu2022:
    'Y.-S. Wu, Y. Seldin, Split-kl and PAC-Bayes-split-kl inequalities for ternary random variables, NeurIPS 2022',
  clopper1934:
    'C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26, 1934',
  langford2005: 'J. Langford, Tutorial on practical prediction theory for classification, JMLR 6, 2005',
  hoeffding1963:
    'W. Hoeffding, Probability inequalities for sums of bounded random variables, Journal of the American Statistical Association 58, 1963',
  hoeffding1956:
    'W. Hoeffding, On the distribution of the number of successes in independent trials, Annals of Mathematical Statistics 27, 1956',
  tolstikhin2013: 'I. Tolstikhin, Y. Seldin, PAC-Bayes-empirical-Bernstein inequality, NIPS 2013',
  mhammedi2019: 'Z. Mhammedi, P. Grünwald, B. Guedj, PAC-Bayes un-expected Bernstein inequality, NeurIPS 2019',
  langford2002: 'J. Langford, R. Caruana, (Not) bounding the true error, NIPS 2002',
  maddox2020:
    'W. J. Maddox, G. Benton, A. G. Wilson, Rethinking parameter counting in deep models: effective dimensionality revisited, arXiv:2003.02139',
  quinn2019:
    'K. N. Quinn, C. B. Clement, F. De Bernardis, M. D. Niemack, J. P. Sethna, Visualizing probabilistic models and data with intensive principal component analysis, PNAS 116, 2019',
  mao2024:
    'J. Mao, I. Griniasty, H. K. Teoh, R. Ramesh, R. Yang, M. K. Transtrum, J. P. Sethna, P. Chaudhari, The training process of many deep networks explores the same low-dimensional manifold, PNAS 121, 2024',
  mao2025:
    'J. Mao, I. Griniasty, Y. Sun, M. K. Transtrum, J. P. Sethna, P. Chaudhari, An analytical characterization of sloppiness in neural networks: insights from linear models, arXiv:2505.08915',
};

/** "Langford and Seeger 2001" of an entry "J. Langford, M. Seeger, Bounds for …, 2001". */
function authorsAndYear(key: string): string {
  const names: string[] = [];
  // authors are initials and a name; the title is the first part that is not
  for (const part of works[key].split(', ')) {
    const name = /^(?:\p{Lu}[\p{L}]?\.[- ]?)+ ?(.+)$/u.exec(part);
    if (name === null) break;
    names.push(name[1]);
  }
  const authors = names.length > 2 ? `${names[0]} et al.` : names.join(' and ');
  return `${authors} ${/\d{4}$/u.exec(key)![0]}`;
}

const citation = /\[([a-z]+\d{4})(?:, ([^\]]*))?\]/gu;

/** A text in which each "[langford2001, Thm 3]" reads "(Langford and Seeger 2001, Thm 3)"; keys that nobody knows stay. */
export function cited(text: string): string {
  return text.replace(citation, (whole, key: string, place: string | undefined) => {
    if (!Object.hasOwn(works, key)) return whole;
    return `(${authorsAndYear(key)}${place === undefined ? '' : `, ${place}`})`;
  });
}

/** The works whose keys stand in a text, by authors and year. */
export function worksIn(text: string): readonly (readonly [name: string, work: string])[] {
  const keys = [...text.matchAll(citation)].map(([, key]) => key).filter((key) => Object.hasOwn(works, key));
  return [...new Set(keys)]
    .map((key) => [authorsAndYear(key), works[key]] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
