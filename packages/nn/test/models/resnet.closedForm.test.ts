import { logits, networkFromData, networkIdentity, networkToData, requireSeparateExamples } from '@hyperribbon/nn';
import { architectureOf, completeArchitecture, parseArchitecture, resnet, stack } from '@hyperribbon/nn/models';
import { stream } from '@hyperribbon/random';
import { describe, expect, it } from 'vitest';

const small = { classes: 3, image: [1, 8, 8], width: 0.25 } as const;

describe('resnet', () => {
  it.each([
    // the weights of [he2016] with 1 × 1 convolutions as shortcuts, and torchvision's count of its own network
    [8, {}, 78_042],
    [8, { image: [1, 28, 28] }, 77_754],
    [20, {}, 272_474],
    [32, {}, 466_906],
    [56, {}, 855_770],
    [18, {}, 11_173_962],
    [18, { classes: 1000, image: [3, 224, 224] }, 11_689_512],
  ] as const)('of depth %i %o has %i weights', (depth, options, size) =>
    expect(resnet(depth, options).size).toBe(size),
  );

  it('has the names of torchvision', () => {
    const { parameters, buffers } = resnet(18);
    const names = parameters.map(({ name }) => name);
    for (const name of ['conv1.weight', 'layer2.0.downsample.1.bias', 'layer4.1.bn2.weight', 'fc.bias'])
      expect(names).toContain(name);
    expect(names).toHaveLength(62);
    expect(buffers).toHaveLength(40);
    expect(buffers!.map(({ name }) => name)).toContain('layer3.0.downsample.1.running_var');
  });

  it.each([
    'resnet:8:3:1,8,8:width=0.25',
    'resnet:8:3:1,8,8:width=0.25,skip=false',
    'resnet:14:3:1,8,8:width=0.25,norm=none',
    'resnet:8:3:1,8,8:width=0.25,norm=fixup',
    'resnet:18:3:1,16,16:width=0.0625',
    'resnet:18:3:1,16,16:width=0.0625,stem=large',
  ])('is read back from its name, as data, and keeps examples apart: %s', (text) => {
    const network = parseArchitecture(text);
    expect(network.name).toBe(text);
    expect(architectureOf(network)).toBe(text);
    requireSeparateExamples('test', network);
    const copy = networkFromData(networkToData(network));
    expect(networkIdentity(copy)).toBe(networkIdentity(network));
    const inputs = stream({ seed: 1, purpose: 'images' }).normal(new Float32Array(2 * network.inputs));
    const examples = { inputs, count: 2, features: network.inputs, labels: Int32Array.of(0, 1), classes: 3 };
    const params = network.init(1);
    expect(logits(copy, params, examples)).toEqual(logits(network, params, examples));
  });

  it('with fixup starts with the bias of its last layer as logits, whatever the image', () => {
    const network = resnet(8, { ...small, norm: 'fixup' });
    const inputs = stream({ seed: 1, purpose: 'images' }).normal(new Float32Array(2 * network.inputs));
    const examples = { inputs, count: 2, features: network.inputs, labels: Int32Array.of(0, 1), classes: 3 };
    const params = network.init(1);
    const z = logits(network, params, examples);
    expect([...z]).toEqual([...params.subarray(-3), ...params.subarray(-3)]);
    const at = (name: string): number => network.parameters.findIndex((parameter) => parameter.name === name);
    expect(network.parameters[at('layer1.0.conv2.weight')].start).toEqual({ normal: 0 });
    expect(network.parameters[at('fc.weight')].start).toBe(0);
  });

  it('takes what is left off from the examples', () => {
    expect(completeArchitecture('resnet:8', { features: 784, classes: 10 })).toBe('resnet:8:10:1,28,28');
    expect(completeArchitecture('resnet:20:skip=false', { features: 3072, classes: 7 })).toBe(
      'resnet:20:7:3,32,32:skip=false',
    );
    const shape = [2, 4, 6];
    expect(completeArchitecture('resnet:8:5', { features: 48, classes: 7, shape })).toBe('resnet:8:5:2,4,6');
  });

  it.each([
    ['resnet', 'expected resnet:DEPTH:CLASSES:CHANNELS,HEIGHT,WIDTH:OPTIONS, such as resnet:20:10:3,32,32'],
    ['resnet:9', 'depth must be 18, 34 or 6n + 2, such as 8, 20, 32 or 56, got 9'],
    ['resnet:8:10:28,28', 'expected channels, height and width of the image'],
    ['resnet:8:10:1,28,28:skip=maybe', 'expected another value of skip, got "maybe"'],
    ['resnet:8:10:1,28,28:drop=0', 'expected options among width, skip, norm, stem'],
    ['resnet:8:10:1,28,28:skip=true,skip=false', 'expected each option once'],
    ['resnet:8:10:1,28,28:stem=large', 'stem must be'],
    ['resnet:8:10:1,28,28:width=100000', 'resnet'],
  ])('refuses %s', (text, message) => expect(() => parseArchitecture(text)).toThrow(message));
});

describe('stacks', () => {
  it('are their own JSON', () => {
    const network = stack({
      input: [2, 5, 5],
      layers: [
        { kind: 'conv2d', out: 3, kernel: 3, stride: 2, padding: [1, 0] },
        { kind: 'batchNorm', name: 'bn' },
        { kind: 'relu' },
        { kind: 'maxPool', size: 2, padding: 1, stride: 1 },
        { kind: 'flatten' },
        { kind: 'linear', out: 3, bias: false, start: { normal: 0.1 } },
      ],
    });
    const text = architectureOf(network)!;
    expect(JSON.parse(text)).toMatchObject({ input: [2, 5, 5] });
    expect(networkIdentity(parseArchitecture(text))).toBe(networkIdentity(network));
  });
});
