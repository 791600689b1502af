// Ours in convolutionSpectra.mjs, in its own process: answers {"inputs", "outputs", "kernel", "side", "file"} with seconds and values.
import { readFileSync } from 'node:fs';
import { convolutionSpectrum } from '@hyperribbon/complexity';
import { answerLines, runtime } from '../answer.mjs';

await answerLines({ version: runtime }, (line) => {
  const { inputs, outputs, kernel, side, file } = JSON.parse(line);
  const filters = new Float64Array(new Uint8Array(readFileSync(file)).buffer);
  const none = [0, 0];
  const geometry = {
    transposed: false,
    kernel: [kernel, kernel],
    stride: [1, 1],
    padding: [none, none],
    dilation: [1, 1],
    input: [side, side, inputs],
    output: [side, side, outputs],
  };
  const convolution = { filters, rows: outputs, columns: kernel * kernel * inputs, groups: 1, geometry };
  const before = process.cpuUsage();
  const values = convolutionSpectrum(convolution);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, values: [...values] };
});
