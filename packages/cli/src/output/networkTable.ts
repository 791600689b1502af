import { describeLayers, type LayerDescription, type Network, sizeOf } from '@hyperribbon/nn';

/** Layers that fit on a screen with what stands around them. */
const screen = 30;

/** A network on one screen: what it takes and gives, its layers with shapes and parameters. */
export function networkTable(network: Network, all: boolean): string {
  const layers = describeLayers(network);
  const facts = [
    ['takes', takes(network)],
    ['gives', gives(network)],
    ['weights', weights(network)],
    ['cost', cost(layers)],
    ['training', training(network)],
  ];
  const lines = facts.map(([name, text]) => `  ${name.padEnd(10)}${text}`);
  return `\n${[...lines, '', ...layerTable(layers, all)].join('\n')}\n`;
}

function layerTable(layers: readonly LayerDescription[], all: boolean): readonly string[] {
  const cells = layers.map((layer) => [layer.name, whatOf(layer), fromTo(layer), count(layer.size)]);
  const shown = all || cells.length <= screen ? cells : [...cells.slice(0, screen - 5), ...cells.slice(-4)];
  const head = ['layer', 'what it does', 'from → to, one example', 'weights'];
  const widths = head.map((title, i) => Math.max(title.length, ...shown.map((row) => row[i].length)));
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, i) => (i === 3 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ')}`;
  const rows = shown.map(line);
  if (shown.length < cells.length) {
    const hidden = cells.length - shown.length;
    rows.splice(screen - 5, 0, `  … ${hidden} more (--all lists them)`);
  }
  return [line(head), ...rows];
}

function takes({ inputs, inputShape = [inputs], vocabulary }: Network): string {
  if (vocabulary !== undefined) return `${inputs} tokens of a vocabulary of ${count(vocabulary)}`;
  if (inputShape.length !== 3) return `${inputShape.map(count).join(' × ')} numbers`;
  const [channels, height, width] = inputShape;
  return `images of ${channels === 1 ? '1 channel' : `${channels} channels`}, ${height} × ${width} (${count(inputs)} numbers)`;
}

function gives({ classes, inputs, vocabulary }: Network): string {
  if (vocabulary !== undefined && classes === inputs * vocabulary)
    return `logits of ${count(vocabulary)} tokens for each of ${inputs} positions`;
  return classes === 1 ? '1 number' : `${count(classes)} logits`;
}

function weights({ size, parameters, buffers = [] }: Network): string {
  const kept = buffers.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const beside = kept === 0 ? '' : `, and ${count(kept)} numbers in ${buffers.length} buffers beside them`;
  return `${count(size)} in ${parameters.length} ${parameters.length === 1 ? 'array' : 'arrays'} (${megabytes(4 * size)} in float32)${beside}`;
}

function cost(layers: readonly LayerDescription[]): string {
  const total = layers.reduce((sum, { multiplications }) => sum + multiplications, 0);
  return `${total < 1e6 ? count(total) : `${(total / 1e6).toPrecision(3)} million`} products of numbers in the layers, for one example`;
}

function training({ applyTraining, draws = 0, buffers = [] }: Network): string {
  if (applyTraining === undefined) return 'computes the same as in evaluation';
  const parts = [
    ...(buffers.length > 0 ? ['uses the statistics of its batches'] : []),
    ...(draws > 0 ? [`draws ${count(draws)} numbers an example (dropout)`] : []),
  ];
  return parts.join(' and ') || 'is a function of its own';
}

function whatOf({ kinds, kernel, stride, dilation, groups = 1, input }: LayerDescription): string {
  const pair = ([a, b]: readonly [number, number]): string => (a === b ? String(a) : `${a}, ${b}`);
  if (kernel === undefined) return kinds.join(' and ');
  const depthwise = groups > 1 && groups === input![0];
  return [
    `${kernel.join('×')} ${depthwise ? 'depthwise ' : ''}${kinds.join(' and ')}`,
    ...(stride![0] * stride![1] > 1 ? [`stride ${pair(stride!)}`] : []),
    ...(dilation![0] * dilation![1] > 1 ? [`dilation ${pair(dilation!)}`] : []),
    ...(groups > 1 && !depthwise ? [`${groups} groups`] : []),
  ].join(', ');
}

function fromTo({ input, output }: LayerDescription): string {
  return input === undefined ? '' : `${input.join('×')} → ${output!.join('×')}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${(bytes / 1e3).toPrecision(3)} kB` : `${(bytes / 1e6).toPrecision(3)} MB`;
}
