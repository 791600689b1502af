import { log, log1p } from './log.js';
import { cos, sin } from './sinCos.js';

// Reflections and asymptotic series: [abramowitz1964, 6.1.17, 6.3.7, 6.3.18, 6.4.7, 6.4.12].
const PI = 3.141592653589793;

/** ln |Γ(x)|; 0 and negative integers give +∞ @example lgamma(10); // 12.8018... */
export function lgamma(x: number): number {
  if (x !== x) return NaN;
  if (x <= 0) {
    if (Math.floor(x) === x) return Infinity;
    if (x > -0.5) return x * lgammaNear2(x) - log1p(x) - log(-x);
    return log(PI / Math.abs(x * sinPi(x))) - lgamma(-x);
  }
  if (x < 0.5) return x * lgammaNear2(x) - log1p(x) - log(x);
  if (x < 1.5) {
    const d = x - 1;
    return d * lgammaNear2(d) - log1p(d);
  }
  if (x < 10) {
    let y = x;
    let product = 1;
    while (y > 2.5) {
      y -= 1;
      product *= y;
    }
    const d = y - 2;
    const base = d * lgammaNear2(d);
    return product === 1 ? base : base + log(product);
  }
  if (x > 1e17) return x * (log(x) - 1);
  return (x - 0.5) * (log(x) - 1) + (0.4189385332046727 + stirling(1 / x));
}

/** ψ(x) = d ln Γ(x)/dx; 0 and negative integers give NaN @example digamma(1); // -0.5772... */
export function digamma(x: number): number {
  if (x !== x || x === -Infinity) return NaN;
  if (x <= 0) {
    if (Math.floor(x) === x) return NaN;
    return digamma(1 - x) - (PI * sinPi(x, 1)) / sinPi(x);
  }
  if (x < 1) return digammaNear(x + 1) - 1 / x;
  if (x <= 2) return digammaNear(x);
  let y = x;
  let sum = 0;
  if (x < 10) {
    while (y > 2) {
      y -= 1;
      sum += 1 / y;
    }
    return sum + digammaNear(y);
  }
  const z = 1 / (x * x);
  let p = 0.08333333333333333;
  p = p * z - 0.021092796092796094;
  p = p * z + 0.007575757575757576;
  p = p * z - 0.004166666666666667;
  p = p * z + 0.003968253968253968;
  p = p * z - 0.008333333333333333;
  p = p * z + 0.08333333333333333;
  return log(x) - (0.5 / x + z * p);
}

/** ψ′(x); 0 and negative integers give +∞ @example trigamma(1); // 1.6449... */
export function trigamma(x: number): number {
  if (x !== x || x === -Infinity) return NaN;
  if (x <= 0) {
    if (Math.floor(x) === x) return Infinity;
    const s = sinPi(x) / PI;
    return 1 / (s * s) - trigamma(1 - x);
  }
  let y = x;
  let sum = 0;
  while (y < 12) {
    sum += 1 / (y * y);
    y += 1;
  }
  const r = 1 / y;
  const z = r * r;
  let p = -7.092156862745098;
  p = p * z + 1.1666666666666667;
  p = p * z - 0.2531135531135531;
  p = p * z + 0.07575757575757576;
  p = p * z - 0.03333333333333333;
  p = p * z + 0.023809523809523808;
  p = p * z - 0.03333333333333333;
  p = p * z + 0.16666666666666666;
  return sum + (r + (0.5 * z + r * z * p));
}

/** sin(πx + quarters · π/2) with x reduced exactly first */
function sinPi(x: number, quarters: 0 | 1 = 0): number {
  const k = Math.floor(x * 2 + 0.5);
  const r = (x - 0.5 * k) * PI;
  const turned = k + quarters;
  const q = turned - 4 * Math.floor(turned / 4);
  const s = q === 1 || q === 3 ? cos(r) : sin(r);
  return q >= 2 ? -s : s;
}

/** Stirling's series in r = 1/x, r ≤ 0.1 [abramowitz1964, 6.1.40] */
function stirling(r: number): number {
  const z = r * r;
  let p = -0.029550653594771242;
  p = p * z + 0.00641025641025641;
  p = p * z - 0.0019175269175269176;
  p = p * z + 0.0008417508417508417;
  p = p * z - 0.0005952380952380953;
  p = p * z + 0.0007936507936507937;
  p = p * z - 0.002777777777777778;
  p = p * z + 0.08333333333333333;
  return r * p;
}

/** ψ(x) on [1, 2] as (x − x₀) P(x − 1.5): the root x₀ in two parts keeps relative accuracy around it */
function digammaNear(x: number): number {
  const t = x - 1.5;
  let p = -8.656061611020472e-5;
  p = p * t + 0.00012241651197444318;
  p = p * t - 5.394253060768359e-5;
  p = p * t + 9.158732898768994e-5;
  p = p * t - 0.00022237315973864413;
  p = p * t + 0.00032689367038367384;
  p = p * t - 0.00045835884969132307;
  p = p * t + 0.0006899426797082744;
  p = p * t - 0.0010426199688207288;
  p = p * t + 0.001563574027601196;
  p = p * t - 0.0023445978627757184;
  p = p * t + 0.0035180792668855704;
  p = p * t - 0.005280022807277575;
  p = p * t + 0.007927024137249336;
  p = p * t - 0.01190821486685582;
  p = p * t + 0.017907248192268275;
  p = p * t - 0.02697579685572535;
  p = p * t + 0.040760833944741774;
  p = p * t - 0.061922133271418864;
  p = p * t + 0.09498872445282817;
  p = p * t - 0.1484049230539199;
  p = p * t + 0.24054248424078736;
  p = p * t - 0.42362742128146047;
  p = p * t + 0.9510558760318328;
  return (x - 1.4616321449683622 - 9.549995429965697e-17) * p;
}

/** ln Γ(2 + d)/d for |d| ≤ ½ */
function lgammaNear2(d: number): number {
  let p = -3.1788881922075804e-8;
  p = p * d + 6.473980449373881e-8;
  p = p * d - 9.442093385774757e-8;
  p = p * d + 2.019216145965021e-7;
  p = p * d - 4.5143326539697533e-7;
  p = p * d + 9.584290694824879e-7;
  p = p * d - 2.0387265604948683e-6;
  p = p * d + 4.3742211949535355e-6;
  p = p * d - 9.439558394410411e-6;
  p = p * d + 2.0507292367970076e-5;
  p = p * d - 4.492623028160987e-5;
  p = p * d + 9.945750665139864e-5;
  p = p * d - 0.00022315475882500266;
  p = p * d + 0.0005096695250263021;
  p = p * d - 0.0011927539116907524;
  p = p * d + 0.0028905103307343386;
  p = p * d - 0.0073855510286742025;
  p = p * d + 0.02058080842778463;
  p = p * d - 0.06735230105319809;
  p = p * d + 0.3224670334241132;
  return p * d + 0.42278433509846713;
}
