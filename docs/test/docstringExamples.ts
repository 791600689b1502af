// Finds the @example blocks in doc comments and makes each the text of a function that runs it and compares the results it states.
import { transformSync } from 'esbuild';

export interface DocstringExample {
  /** such as `packages/linop/src/fromMatvec.ts: fromMatvec` */
  readonly name: string;
  readonly file: string;
  readonly code: string;
}

/** The examples of exported declarations of one file, and of members of interfaces and classes. */
export function examplesOf(file: string, text: string): DocstringExample[] {
  const comment = /^([ \t]*)\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\S[^\n]*)/gm;
  return [...text.matchAll(comment)].flatMap(([, indent, body, next]) => {
    if (indent === '' && !next!.startsWith('export ')) return [];
    const symbol =
      /(?:function\*?|class|const|interface|type)\s+(\w+)/.exec(next!)?.[1] ?? /(\w+)/.exec(next!)?.[1] ?? 'member';
    const lines = body!.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
    const blocks = lines
      .join('\n')
      .split(/@example\b/)
      .slice(1);
    return blocks.map((block, i) => {
      const code = block
        .split(/^(?:@\w+|Source:|Cost:)/m)[0]!
        .replaceAll(/^\s*```.*$/gm, '')
        .trim();
      return { name: `${file}: ${symbol}${i > 0 ? ` ${i + 1}` : ''}`, file, code };
    });
  });
}

/**
 * An example as the body of an async function: its imports taken out (the names are given to it), types stripped, and where a statement's
 * last line ends in a comment that begins with a literal value, `check(stated, value)` in place of or behind the statement.
 */
export function bodyOf(code: string): string {
  const statements = statementsOf(code.replaceAll(/^import [^;]*;[ \t]*\n?/gm, ''));
  const checked = statements.map(({ text, comment }) => {
    const stated = literalAtStart(comment);
    if (stated === undefined) return text;
    const declared = /^(?:const|let) (\w+)(?:: [^=]+)? =/.exec(text)?.[1];
    if (declared !== undefined) return `${text}\ncheck(${stated}, ${declared});`;
    if (/^(?:const|let|for|if|while|function|class|type|interface)\b|^[})]/.test(text)) return text;
    const expression = text.replace(/;\s*$/, '');
    const logged = /^console\.log\(([\s\S]*)\)$/.exec(expression)?.[1];
    return `check(${stated}, ${logged ?? expression});`;
  });
  return transformSync(`async () => {\n${checked.join('\n')}\n}`, { loader: 'ts', target: 'es2023' }).code;
}

interface Statement {
  readonly text: string;
  /** behind its last line */
  readonly comment: string;
}

/** Cuts code where a line ends and all brackets are closed. Comments that stand alone are dropped. */
function statementsOf(code: string): Statement[] {
  const statements: Statement[] = [];
  let text = '';
  let depth = 0;
  for (const line of code.split('\n')) {
    const { own, comment } = cut(line);
    for (const ch of own.replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, ''))
      depth += '([{'.includes(ch) ? 1 : ')]}'.includes(ch) ? -1 : 0;
    text += text === '' ? own.trim() : `\n${own}`;
    // a line that the next one goes on with an operator or a dot is not cut: examples end statements with semicolons
    if (text.trim() === '' || depth > 0 || !(/[;}]\s*$/.test(own) || comment !== '')) continue;
    statements.push({ text: text.trim(), comment });
    text = '';
  }
  if (text.trim() !== '') statements.push({ text: text.trim(), comment: '' });
  return statements;
}

/** A line and its comment; `//` inside of quotes begins none. */
function cut(line: string): { own: string; comment: string } {
  const at = line.replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, (quoted) => '_'.repeat(quoted.length)).indexOf('//');
  return at < 0 ? { own: line, comment: '' } : { own: line.slice(0, at), comment: line.slice(at + 2).trim() };
}

const number = String.raw`[-−]?(?:\d[\d_]*(?:\.\d+)?(?:…|\.{3})?(?:e[-−+]?\d+)?|Infinity)`;
const scalar = String.raw`(?:${number}|'[^']*'|"[^"]*"|true|false|null|undefined|NaN)`;

/** The literal that a comment begins with, as code in which `stated$('4.20')` stands for 4.20; undefined for prose. */
export function literalAtStart(comment: string): string | undefined {
  const end = String.raw`(?=\s*(?:$|[;:])|\.(?!\d))`;
  const found = new RegExp(`^(?:${scalar}|\\[.*?\\]+|\\{.*?\\})${end}`).exec(comment)?.[0];
  if (found === undefined) return undefined;
  // nothing but literals, brackets and keys
  const rest = found.replaceAll(new RegExp(scalar, 'g'), '').replaceAll(/[{,]\s*\w+:/g, '');
  if (/[^\s[\]{},]/.test(rest)) return undefined;
  const asDigits = (x: string): string => `stated$('${x.replaceAll('−', '-')}')`;
  return found
    .split(/('[^']*'|"[^"]*")/)
    .map((piece, i) => (i % 2 === 1 ? piece : piece.replaceAll(new RegExp(`(?<![\\w.])${number}`, 'g'), asDigits)))
    .join('');
}

/** A stated number: its digits say how exactly it is stated. */
export class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Whether a value is what is stated: numbers to half a unit of the last stated digit (a unit, where `...`
 * says that there are more), integers to 1e-9, the rest exactly. */
export function agrees(stated: unknown, value: unknown): boolean {
  if (stated instanceof Digits) {
    const begun = /…|\.{3}/.test(stated.text);
    const x = Number(stated.text.replace(/…|\.{3}/, '').replaceAll('_', ''));
    if (typeof value !== 'number' || !Number.isFinite(x)) return Object.is(value, x);
    const [, decimals = '', exponent = '0'] = /^-?[\d_]*\.?(\d*)(?:e([-+]?\d+))?/.exec(
      stated.text.replace(/…|\.{3}/, ''),
    )!;
    const unit = 10 ** (Number(exponent) - decimals.length);
    const within = begun ? unit : decimals === '' && exponent === '0' ? 1e-9 * Math.max(1, Math.abs(x)) : unit / 2;
    return Math.abs(value - x) <= within * (1 + 1e-9);
  }
  if (typeof stated === 'string' && stated.endsWith('…')) return String(value).startsWith(stated.slice(0, -1));
  if (Array.isArray(stated)) {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return false;
    const list = Array.from(value as ArrayLike<unknown>);
    return list.length === stated.length && stated.every((x, i) => agrees(x, list[i]));
  }
  if (typeof stated !== 'object' || stated === null) return Object.is(stated, value);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(stated).every(([key, x]) => agrees(x, (value as Record<string, unknown>)[key]))
  );
}
