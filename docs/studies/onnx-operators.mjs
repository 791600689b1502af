// Which operators of ONNX are computed, counted on the models of ONNX's own test data: node docs/studies/onnx-operators.mjs [--golden]
// Writes docs/guide/onnx-operators.md; with --golden the small models that the suite always runs, packages/onnx/test/golden/conformance.json.
// The data: Debian's libonnx-testdata (1.12.0-2), 1,072 models with inputs and outputs in /usr/share/libonnx-testdata/data.
import { evaluateOnnx, onnxOperators, parseOnnx, parseOnnxTensor } from '@hyperribbon/onnx';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = '/usr/share/libonnx-testdata/data/';
/** relative to the largest number of an output; halves are as exact as they are */
const tolerances = { float16: 1e-3, bfloat16: 1e-2 };
const tolerance = 1e-5;
/** what --golden takes: models of at most so many bytes with their data, so many for each operator, or its smallest if all are larger */
const golden = { bytes: 4000, each: 2 };
/** their recorded outputs were computed with π = 3.1415 */
const badlyRecorded = /_(blackman|hamming|hann)window.*_expanded$/;

const read = (file) => new Uint8Array(readFileSync(file));

/** Tensors are stored as 16-bit integers where the model says bfloat16. */
function asDeclared(tensor, type) {
  if (type !== 'bfloat16' || tensor.type !== 'uint16') return tensor;
  const bits = Uint32Array.from(tensor.data, (x) => x * 2 ** 16);
  return { ...tensor, type, data: new Float32Array(bits.buffer) };
}

function largestError(found, wanted) {
  if (found.shape.join() !== wanted.shape.join()) return Infinity;
  const scale = wanted.data.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1e-30);
  let worst = 0;
  wanted.data.forEach((x, i) => {
    if (Object.is(x, found.data[i]) || x === found.data[i]) return;
    const error = Math.abs(x - found.data[i]) / scale;
    worst = error <= worst ? worst : error;
  });
  return worst;
}

/** Floats are fed to the program; where they decide shapes they are known instead. */
function evaluated(bytes, inputs, options) {
  try {
    return evaluateOnnx(bytes, inputs, options);
  } catch (error) {
    if (!/depends on the data|as long as the data/.test(error.message)) throw error;
    const known = Object.entries(inputs).map(([name, tensor]) => [name, { ...tensor, known: true }]);
    return evaluateOnnx(bytes, Object.fromEntries(known), options);
  }
}

/** One model: passed, or why not. */
function judge(folder) {
  const bytes = read(`${folder}model.onnx`);
  let operators = [];
  let size = bytes.length;
  try {
    const { graph } = parseOnnx(bytes);
    operators = [...new Set(graph.nodes.map(({ operator }) => operator))];
    const wide = [...graph.inputs, ...graph.outputs].some(({ type }) => type === 'float64');
    const sets = readdirSync(folder).filter((name) => name.startsWith('test_data_set_'));
    const data = sets.map((set) => {
      const files = (kind, infos) =>
        infos.flatMap(({ type }, i) => {
          const file = `${folder}${set}/${kind}_${i}.pb`;
          if (!existsSync(file)) return [undefined];
          size += read(file).length;
          return [asDeclared(parseOnnxTensor(read(file)), type)];
        });
      return { inputs: files('input', graph.inputs), outputs: files('output', graph.outputs) };
    });
    for (const { inputs, outputs } of data) {
      const fed = graph.inputs.flatMap(({ name }, i) => (inputs[i] === undefined ? [] : [[name, inputs[i]]]));
      const found = Object.values(evaluated(bytes, Object.fromEntries(fed), { dtype: wide ? 'float64' : 'float32' }));
      found.forEach((tensor, i) => {
        const error = largestError(tensor, outputs[i]);
        const limit = tolerances[outputs[i].type] ?? tolerance;
        if (!(error <= limit)) throw new Error(`output ${i} is off by ${error.toExponential(1)}`);
      });
    }
    return { operators, verdict: 'passed', size };
  } catch (error) {
    if (badlyRecorded.test(folder.slice(0, -1)))
      return { operators, verdict: 'refused', why: 'recorded with π = 3.1415' };
    const refused = error.name === 'FormatError';
    return { operators, verdict: refused ? 'refused' : 'failed', why: error.message };
  }
}

const results = ['node', 'pytorch-converted', 'pytorch-operator', 'simple'].flatMap((kind) =>
  readdirSync(root + kind).map((name) => ({ kind, name, ...judge(`${root}${kind}/${name}/`) })),
);

/** why a model was not computed, in a few words */
function reason({ why }) {
  const operator = /onnx: ([\w.]+) node .* has an operator that is not computed/.exec(why)?.[1];
  if (operator !== undefined) return `with ${operator}`;
  if (/text|string/.test(why)) return 'text';
  if (/lists? |segments|holds undefined|needs \d+ elements|more elements than can be/.test(why))
    return 'lists or optional values as inputs or outputs';
  if (/draws at random/.test(why)) return 'dropout that drops';
  return why.replace(/^onnx: /, '');
}

function row(operator) {
  const own = results.filter(({ operators }) => operators.includes(operator));
  const left = own.filter(({ verdict }) => verdict !== 'passed');
  const reasons = [...new Set(left.map(reason))].toSorted();
  return `| ${operator} | ${own.length - left.length} of ${own.length} | ${reasons.join('; ')} |`;
}

const computed = onnxOperators();
const used = [...new Set(results.flatMap(({ operators }) => operators))].toSorted();
const count = (verdict) => results.filter((result) => result.verdict === verdict).length;
const failed = results.filter(({ verdict }) => verdict === 'failed');
const without = used.filter((name) => !computed.includes(name));
const text = `# Operators of ONNX

${computed.length} operators are computed, of opsets 1 to 21. Made by \`node docs/studies/onnx-operators.mjs\` from the ${results.length.toLocaleString('en')} models of ONNX's test data, version
1.12 (Debian's \`libonnx-testdata\`), each with inputs and outputs: ${count('passed')} models pass, ${count('refused')} are refused with the reason, ${count('failed')} fail. A model passes if every number of its
outputs is within 1e-5 of the largest one, computed in float32 (float64 where the model is; 1e-3 for float16 and 1e-2 for bfloat16 outputs,
which are computed in float32).

A model counts for every operator that it has, so one that is refused for one operator shows in the rows of its others. The recorded
outputs of six window functions were computed with π = 3.1415; with π they cannot be met to 1e-5.

| operator | models that pass | what the others have |
| -------- | ---------------- | -------------------- |
${computed.map(row).join('\n')}

Not computed, refused by name: ${without.join(', ')}.
`;
writeFileSync(fileURLToPath(new URL('../guide/onnx-operators.md', import.meta.url)), text);
console.log(`${count('passed')} pass, ${count('refused')} refused, ${count('failed')} fail`);
for (const { name, why } of failed) console.log('FAILED', name, why);
if (failed.length > 0) process.exitCode = 1;

if (process.argv.includes('--golden')) {
  const taken = new Map();
  const small = results.filter(({ verdict, size }) => verdict === 'passed' && size <= golden.bytes);
  const chosen = small
    .toSorted((a, b) => a.operators.length - b.operators.length || a.size - b.size)
    .filter(({ operators }) => {
      const wanted = operators.filter((name) => (taken.get(name) ?? 0) < golden.each);
      for (const name of wanted) taken.set(name, (taken.get(name) ?? 0) + 1);
      return wanted.length > 0;
    });
  for (const name of computed.filter((operator) => !taken.has(operator))) {
    const own = results.filter(({ verdict, operators }) => verdict === 'passed' && operators.includes(name));
    const [smallest] = own.toSorted((a, b) => a.size - b.size);
    if (smallest !== undefined) chosen.push(smallest);
  }
  const base64 = (file) => (existsSync(file) ? readFileSync(file).toString('base64') : null);
  const models = chosen.map(({ kind, name, operators }) => {
    const folder = `${root}${kind}/${name}/`;
    const { graph } = parseOnnx(read(`${folder}model.onnx`));
    const files = (what, infos) => infos.map((_, i) => base64(`${folder}test_data_set_0/${what}_${i}.pb`));
    return {
      name: name.replace(/^test_/, ''),
      operators,
      model: base64(`${folder}model.onnx`),
      inputs: files('input', graph.inputs),
      outputs: files('output', graph.outputs),
    };
  });
  const file = fileURLToPath(new URL('../../packages/onnx/test/golden/conformance.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify(models)}\n`);
  console.log(`${models.length} models in ${file}`);
}
