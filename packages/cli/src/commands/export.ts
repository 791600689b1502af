import { onnxOf } from '@hyperribbon/onnx';
import { loadModel } from '../input/modelSource.js';
import { reading } from '../input/reading.js';
import { flag, option } from '../options/option.js';
import { text } from '../options/parsers.js';
import { placeOf } from '../output/placeOf.js';
import { writeWhole } from '../output/writeFiles.js';
import { outputFile } from '../runs/outputFile.js';
import { command } from './command.js';

export const exportCommand = command({
  name: 'export',
  description: 'Writes a network and its weights as an ONNX file, which other runtimes compute.',
  argument: ['model', '.npz or .safetensors, such as train writes, the index of several, or .onnx'],
  options: {
    architecture: option('<text>', 'of weights whose file does not say it, such as mlp:relu or resnet:18', text),
    out: option(
      '<file>',
      'where to write it, a new file (default: network.onnx, or network-2.onnx, … where that is there)',
      text,
    ),
    force: flag('replace the file'),
  },
  after: `As the network is evaluated: batch norms by their running statistics, nothing dropped; float32, for batches of any size.

Examples:
  hyperribbon export net.npz --out net.onnx
  hyperribbon export resnet18.safetensors --architecture resnet:18:10:3,64,64`,
  run: async ({ architecture, out: place, force }, { lines, print }, given) => {
    const out = outputFile(place, 'network.onnx', force);
    const { network, model, notes } = await loadModel(given, architecture, 'float32');
    for (const note of notes) lines.print(note);
    writeWhole(
      out,
      reading('export', given, () => onnxOf(network, model.params)),
    );
    if (placeOf(out).kind !== 'stream') print(`${out}\n`);
    return 0;
  },
});
