import { logits, networkFromData, networkIdentity, networkToData, requireSeparateExamples } from '@hyperribbon/nn';
import { architectureOf, completeArchitecture, gpt, parseArchitecture, stack, stackOf } from '@hyperribbon/nn/models';
import { describe, expect, it } from 'vitest';

describe('models', () => {
  it.each([
    // [zagoruyko2016] says 0.2 M and 36.5 M, [radford2019] 124 M, torchvision's vgg11_bn has 9,225,984 weights below its dense layers
    ['wrn:16-1', 175_066],
    ['wrn:28-10', 36_479_194],
    ['vgg:11', 9_225_984 + 5_130],
    ['vgg:16', 14_723_136 + 5_130],
    ['gpt:768,1,12:50257:8', 50_257 * 768 + 8 * 768 + 12 * 768 * 768 + 13 * 768 + 2 * 768],
    ['vit:64,2,4:10:1,28,28', 16 * 64 + 64 + 64 + 50 * 64 + 2 * (12 * 64 * 64 + 13 * 64) + 128 + 650],
  ])('%s has %i weights', (text, size) => expect(parseArchitecture(text).size).toBe(size));

  it.each([
    [
      'wrn:10-1:3:1,8,8',
      ['block1.layer.0.conv2.weight', 'block2.layer.0.convShortcut.weight', 'bn1.bias', 'fc.weight'],
    ],
    ['wrn:16-1:3:1,8,8:dropout=0.3', ['block1.layer.1.bn2.weight']],
    ['vgg:11:3:1,32,32:width=0.0625', ['features.0.weight', 'features.4.bias', 'classifier.weight']],
    ['vgg:13:3:1,32,32:width=0.0625,norm=none', ['features.2.weight']],
    [
      'vit:8,2,2:3:2,8,8',
      ['class_token', 'encoder.layers.encoder_layer_1.self_attention.in_proj_weight', 'heads.head.bias'],
    ],
    ['vit:8,1,2:3:2,8,8:patch=2,pool=mean,dropout=0.1', ['conv_proj.weight', 'encoder.pos_embedding.weight']],
    ['gpt:8,2,2:11:5', ['transformer.wte.weight', 'transformer.h.1.attn.c_proj.bias', 'transformer.ln_f.weight']],
    ['gpt:8,1,2:11:5:tied=false,dropout=0.5', ['lm_head.weight', 'transformer.h.0.mlp.c_fc.weight']],
  ] as const)('%s is read back from its name and as modules, keeps examples apart, and is data', (text, names) => {
    const network = parseArchitecture(text);
    expect(network.name).toBe(text);
    expect(architectureOf(network)).toBe(text);
    for (const name of names) expect(network.parameters.map((parameter) => parameter.name)).toContain(name);
    requireSeparateExamples('test', network);
    const identity = networkIdentity(network);
    expect(networkIdentity(stack(stackOf(network)!))).toBe(identity);
    const copy = networkFromData(structuredClone(networkToData(network)));
    expect(networkIdentity(copy)).toBe(identity);
    const { inputs: features, classes, vocabulary = 2 } = network;
    const inputs = Float32Array.from({ length: 2 * features }, (_, i) => (7 * i + 3) % vocabulary);
    const examples = { inputs, count: 2, features, labels: Int32Array.of(0, 1), classes };
    const params = network.init(1);
    const z = logits(network, params, examples);
    expect(logits(copy, params, examples)).toEqual(z);
    expect(z.every(Number.isFinite)).toBe(true);
  });

  it('read tokens from the left only, where they predict the next ones', () => {
    const network = gpt(8, 2, 2, { vocabulary: 11, positions: 5 });
    const params = network.init(3, 'float64');
    const run = (tokens: readonly number[]) =>
      logits(network, params, {
        inputs: Float64Array.from(tokens),
        count: 1,
        features: 5,
        labels: Int32Array.of(0),
        classes: 55,
      });
    const [a, b] = [run([1, 2, 3, 4, 5]), run([1, 2, 3, 9, 5])];
    expect(a.subarray(0, 33)).toEqual(b.subarray(0, 33));
    expect(Math.abs(a[33] - b[33])).toBeGreaterThan(1e-6);
    expect(network.classes).toBe(55);
  });

  it.each([
    ['vgg:11:3:1,32,32:width=0.0625', /^features\.\d+\.bias$/, 0],
    ['gpt:8,1,2:7:4:tied=false', /\.bias$/, 0],
    ['gpt:8,2,2:7:4', /mlp\.c_proj\.weight$/, { normal: 0.01 }],
    ['gpt:8,2,2:7:4', /(wte|wpe|c_fc)\.weight$/, { normal: 0.02 }],
    ['resnet:8:3:1,8,8', /^layer2\.0\.conv1\.weight$/, { normal: Math.sqrt(2 / (32 * 9)) }],
    ['resnet:8:3:1,8,8', /^fc\./, { uniform: 1 / 8 }],
    ['resnet:8:3:1,8,8:norm=fixup', /^layer2\.0\.conv1\.weight$/, { normal: Math.sqrt(2 / (32 * 9)) / Math.sqrt(3) }],
  ] as const)('%s starts %s as its source says', (text, names, start) => {
    const found = parseArchitecture(text).parameters.filter(({ name }) => names.test(name));
    expect(found.length).toBeGreaterThan(0);
    for (const parameter of found) expect(parameter.start).toEqual(start);
  });

  it('take what is left off from the examples', () => {
    const images = { features: 784, classes: 7 };
    expect(completeArchitecture('wrn:16-1', images)).toBe('wrn:16-1:7:1,28,28');
    expect(completeArchitecture('vit:64,4,4:patch=7', images)).toBe('vit:64,4,4:7:1,28,28:patch=7');
    expect(completeArchitecture('vgg:11', { features: 3072, classes: 10 })).toBe('vgg:11:10:3,32,32');
    expect(completeArchitecture('gpt:64,2,4', { features: 32, classes: 32 * 256 })).toBe('gpt:64,2,4:256:32');
    expect(completeArchitecture('gpt:64,2,4:tied=false', { features: 32, classes: 9, vocabulary: 64 })).toBe(
      'gpt:64,2,4:64:32:tied=false',
    );
  });

  it.each([
    ['wrn:16', 'expected wrn:DEPTH-WIDEN:CLASSES:CHANNELS,HEIGHT,WIDTH:OPTIONS, such as wrn:16-1:10:3,32,32'],
    ['wrn:17-1', 'wideResnet: depth must be 6n + 4, such as 10, 16, 28 or 40, got 17'],
    ['wrn:16-1:10:1,28,28:dropout=1', 'wideResnet: dropout must be in [0, 0.99], got dropout=1'],
    ['vgg:12', 'vgg: depth must be 11, 13, 16 or 19, got 12'],
    ['vgg:11:10:1,28,28', 'vgg: five poolings need sides of at least 32, got 28 × 28'],
    ['vit:64,4', 'expected width, layers and heads, such as 64,4,4'],
    ['vit:64,4,4:10:1,30,30', 'vit: patch must divide the sides of the image, 30 × 30, got 4'],
    ['vit:64,4,5:10:1,28,28', 'heads must divide the 64 features, got 5'],
    ['gpt:64,4,4', 'expected gpt:WIDTH,LAYERS,HEADS:VOCABULARY:POSITIONS:OPTIONS, such as gpt:64,4,4:256:64'],
    ['gpt:64,4,4:256:100000', 'heads of 100000 × 100000 scores are more than 2^26'],
    ['gpt:100000,4,4:256:10', 'weights are more than 2^28'],
  ])('refuses %s', (text, message) => expect(() => parseArchitecture(text)).toThrow(message));
});
