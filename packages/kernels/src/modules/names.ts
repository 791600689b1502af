/** Elementwise functions of one argument. `step` is 1 for x > 0, else 0; `sech2` is 1/cosh²; `gaussian` is e^(−x²); `gelu` is x Φ(x), `normalPdf` φ, `normalCdf` Φ. */
export const unaryNames = [
  'neg',
  'abs',
  'sign',
  'step',
  'relu',
  'square',
  'reciprocal',
  'sqrt',
  'rsqrt',
  'exp',
  'expm1',
  'log',
  'log1p',
  'sin',
  'cos',
  'atan',
  'asinh',
  'tanh',
  'sech2',
  'sigmoid',
  'softplus',
  'logsigmoid',
  'erf',
  'gaussian',
  'normalCdf',
  'normalPdf',
  'gelu',
  'logcosh',
  'lgamma',
  'digamma',
  'trigamma',
] as const;
export type UnaryName = (typeof unaryNames)[number];

/** Elementwise functions of two arguments; `greater` is 1 for x > y, else 0; `pow` follows IEEE pow. */
export const binaryNames = ['add', 'sub', 'mul', 'div', 'max', 'min', 'greater', 'pow'] as const;
export type BinaryName = (typeof binaryNames)[number];
