/**
 * State dicts of torchvision and of Hugging Face's library against the logits of PyTorch: golden/states, written by docs/studies/onnx/exportStates.py;
 * with TORCH_EXPORTS=DIR those of full size that exportModels.py wrote there too.
 */
import { parseNpz, weightsFromSafetensors, weightsFromShards } from '@hyperribbon/data';
import { logits, type Network } from '@hyperribbon/nn';
import { type NamedArray, networkFromArrays } from '@hyperribbon/nn/models';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const file = (name: string): Uint8Array => readFileSync(new URL(`./golden/states/${name}`, import.meta.url));
const golden = parseNpz(file('logits.npz'));
const omit = { integers: 'omit' } as const;
const shards = (): Promise<Map<string, NamedArray>> =>
  weightsFromShards(file('gpt.safetensors.index.json'), file, omit);
const arraysOf = async (name: string): Promise<Map<string, NamedArray>> =>
  name === 'gpt' ? shards() : weightsFromSafetensors(file(`${name}.safetensors`), omit);

const kinds = {
  resnet18: 'resnet:18:5:3,24,24:width=0.03125,stem=large',
  vit: 'vit:8,1,2:4:3,8,8',
  gpt: 'gpt:8,1,2:11:5',
} as const;
type Name = keyof typeof kinds;

/** ‖z − z*‖ / ‖z*‖ of the logits in float64. */
function distance(name: Name, network: Network, params: ArrayLike<number>): number {
  const [x, z] = ['x', 'logits'].map((key) => Float64Array.from(golden.get(`${name}.${key}`)!.data, Number));
  return apart(network, params, x, z);
}

function apart(network: Network, params: ArrayLike<number>, x: Float64Array, z: Float64Array): number {
  const { inputs: features, classes } = network;
  const count = x.length / features;
  const examples = { inputs: x, count, features, classes, labels: new Int32Array(count) };
  const found = logits(network, Float64Array.from(params), examples, { dtype: 'float64' });
  const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return norm(z.map((value, i) => value - found[i])) / norm(z);
}

const renamed = (arrays: Map<string, NamedArray>, to: (name: string) => string): Map<string, NamedArray> =>
  new Map([...arrays].map(([name, array]) => [to(name), array]));

describe('a state dict', () => {
  it.each(Object.keys(kinds) as Name[])('of %s gives the logits of PyTorch', async (name) => {
    const { network, params } = networkFromArrays(kinds[name], await arraysOf(name));
    expect(network.name).toBe(kinds[name]);
    expect(distance(name, network, params)).toBeLessThan(1e-12);
    const other = params.slice();
    other[0] += 1e-3;
    expect(distance(name, network, other)).toBeGreaterThan(1e-12);
  });

  it.each(['module.', '_orig_mod.', 'model.', 'module._orig_mod.', 'model.transformer.'])(
    'may have %s before its names',
    async (before) => {
      for (const name of Object.keys(kinds) as Name[]) {
        const wrapped = renamed(await arraysOf(name), (own) => before + own.replace(/^transformer\./, ''));
        const { network, params } = networkFromArrays(kinds[name], wrapped);
        expect(distance(name, network, params)).toBeLessThan(1e-12);
      }
    },
  );

  it('of a residual net may have the names of CIFAR repositories and of HF', async () => {
    const arrays = await arraysOf('resnet18');
    const cifar = renamed(arrays, (name) => name.replace('downsample', 'shortcut').replace(/^fc/, 'linear'));
    const huggingFace = renamed(arrays, (name) =>
      name
        .replace(/^conv1/, 'resnet.embedder.embedder.convolution')
        .replace(/^bn1/, 'resnet.embedder.embedder.normalization')
        .replace(/^layer(\d)\.(\d)\.downsample\.0/, (_, s, b) => `${stage(s, b)}.shortcut.convolution`)
        .replace(/^layer(\d)\.(\d)\.downsample\.1/, (_, s, b) => `${stage(s, b)}.shortcut.normalization`)
        .replace(/^layer(\d)\.(\d)\.conv(\d)/, (_, s, b, n) => `${stage(s, b)}.layer.${n - 1}.convolution`)
        .replace(/^layer(\d)\.(\d)\.bn(\d)/, (_, s, b, n) => `${stage(s, b)}.layer.${n - 1}.normalization`)
        .replace(/^fc/, 'classifier.1'),
    );
    for (const other of [cifar, huggingFace]) {
      expect([...other.keys()]).not.toEqual([...arrays.keys()]);
      const { network, params } = networkFromArrays(kinds.resnet18, other);
      expect(distance('resnet18', network, params)).toBeLessThan(1e-12);
    }
  });

  it('of a vision transformer may have the names of timm and of HF, with heads apart', async () => {
    const arrays = await arraysOf('vit');
    const timm = renamed(arrays, (name) =>
      name
        .replace(/^conv_proj/, 'patch_embed.proj')
        .replace(/^class_token/, 'cls_token')
        .replace(/^encoder\.pos_embedding/, 'pos_embed')
        .replace(/^encoder\.layers\.encoder_layer_0\.ln_/, 'blocks.0.norm')
        .replace(/^encoder\.layers\.encoder_layer_0\.self_attention\.in_proj_/, 'blocks.0.attn.qkv.')
        .replace(/^encoder\.layers\.encoder_layer_0\.self_attention\.out_proj/, 'blocks.0.attn.proj')
        .replace(/^encoder\.layers\.encoder_layer_0\.mlp\.0/, 'blocks.0.mlp.fc1')
        .replace(/^encoder\.layers\.encoder_layer_0\.mlp\.3/, 'blocks.0.mlp.fc2')
        .replace(/^encoder\.ln/, 'norm')
        .replace(/^heads\.head/, 'head'),
    );
    const layer = 'vit.encoder.layer.0';
    const joined = renamed(arrays, (name) =>
      name
        .replace(/^conv_proj/, 'vit.embeddings.patch_embeddings.projection')
        .replace(/^class_token/, 'vit.embeddings.cls_token')
        .replace(/^encoder\.pos_embedding/, 'vit.embeddings.position_embeddings')
        .replace(/^encoder\.layers\.encoder_layer_0\.ln_1/, `${layer}.layernorm_before`)
        .replace(/^encoder\.layers\.encoder_layer_0\.ln_2/, `${layer}.layernorm_after`)
        .replace(/^encoder\.layers\.encoder_layer_0\.self_attention\.out_proj/, `${layer}.attention.output.dense`)
        .replace(/^encoder\.layers\.encoder_layer_0\.mlp\.0/, `${layer}.intermediate.dense`)
        .replace(/^encoder\.layers\.encoder_layer_0\.mlp\.3/, `${layer}.output.dense`)
        .replace(/^encoder\.ln/, 'vit.layernorm')
        .replace(/^heads\.head/, 'classifier'),
    );
    const apart = new Map(
      [...joined].flatMap(([name, array]): [string, NamedArray][] => {
        const [, kind] = /in_proj_(weight|bias)$/.exec(name) ?? [];
        if (kind === undefined) return [[name, array]];
        const length = array.data.length / 3;
        return ['query', 'key', 'value'].map((part, i) => [
          `${layer}.attention.attention.${part}.${kind}`,
          {
            shape: [array.shape[0] / 3, ...array.shape.slice(1)],
            data: (array.data as Float32Array).slice(i * length, (i + 1) * length),
          },
        ]);
      }),
    );
    for (const other of [timm, apart]) {
      const { network, params } = networkFromArrays(kinds.vit, other);
      expect(distance('vit', network, params)).toBeLessThan(1e-12);
    }
  });

  it('of a language model may lie (out, in) throughout, and lack or have its tied head', async () => {
    const arrays = await arraysOf('gpt');
    expect([...arrays.keys()]).toContain('lm_head.weight');
    expect(networkFromArrays(kinds.gpt, arrays).notes.join()).toMatch(
      /lm_head.weight is transformer.wte.weight once more/,
    );
    const turned = new Map(
      [...arrays].map(([name, array]) => [name, /c_\w+\.weight$/.test(name) ? flip(array) : array]),
    );
    const headless = new Map([...arrays].filter(([name]) => name !== 'lm_head.weight'));
    const untied = `${kinds.gpt}:tied=false`;
    for (const [kind, other] of [
      [kinds.gpt, turned],
      [kinds.gpt, headless],
      [untied, headless],
      [untied, arrays],
    ] as const) {
      const { network, params } = networkFromArrays(kind, other);
      expect(distance('gpt', network, params)).toBeLessThan(1e-12);
    }
    const own = arrays.get('lm_head.weight')!;
    const moved = new Map([
      ...arrays,
      ['lm_head.weight', { ...own, data: Float32Array.from(own.data, (x) => Number(x) + 1) }],
    ]);
    expect(() => networkFromArrays(kinds.gpt, moved)).toThrow(/lm_head.weight is not .*wte.weight.*tied=false/);
  });

  it('says what is left aside: counters and masks', async () => {
    const masks = new Map([...(await arraysOf('gpt')), ['transformer.h.0.attn.bias', zeros([1, 1, 5, 5])]]);
    expect(networkFromArrays(kinds.gpt, masks).notes).toContain('left aside: transformer.h.0.attn.bias');
  });
});

describe('a state dict that does not fit', () => {
  it('is refused with the names of what is missing and what is not used', async () => {
    const arrays = await arraysOf('resnet18');
    arrays.delete('layer1.0.bn1.running_mean');
    arrays.set('layer9.extra', zeros([2]));
    expect(() => networkFromArrays(kinds.resnet18, arrays)).toThrow(
      /missing are layer1\.0\.bn1\.running_mean; not used are layer9\.extra/,
    );
  });

  it('is refused with the shapes of both', async () => {
    const arrays = await arraysOf('resnet18');
    expect(() => networkFromArrays('resnet:18:6:3,24,24:width=0.03125,stem=large', arrays)).toThrow(
      /fc\.weight has shape \(5, 16\), expected \(6, 16\)/,
    );
    arrays.set('fc.weight', zeros([16, 5, 1]));
    expect(() => networkFromArrays(kinds.resnet18, arrays)).toThrow(
      /fc\.weight has shape \(16, 5, 1\), expected \(16, 5\)/,
    );
  });

  it('is refused where two arrays have the same name but for what is before it', async () => {
    const arrays = await arraysOf('vit');
    arrays.set('module.conv_proj.bias', zeros([8]));
    expect(() => networkFromArrays(kinds.vit, arrays)).toThrow(
      /conv_proj\.bias.* are both conv_proj\.bias by their names/,
    );
  });

  it('is refused with numbers that are no floats, and an architecture that there is not', async () => {
    const arrays = await arraysOf('vit');
    arrays.set('conv_proj.bias', { shape: [8], data: new Int32Array(8) });
    expect(() => networkFromArrays(kinds.vit, arrays)).toThrow(/conv_proj\.bias must hold float32 or float64 numbers/);
    expect(() => networkFromArrays('resnest:18', arrays)).toThrow(/expected mlp:ACTIVATION/);
  });
});

describe('square dense weights', () => {
  const stack = '{"input": [2], "layers": [{"kind": "linear", "name": "a", "out": 2, "bias": false}]}';
  const state = new Map([['a.weight', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]);

  it('are (out, in) as in PyTorch, which a note says, unless they are known to lie otherwise', () => {
    const usual = networkFromArrays(stack, state);
    expect(usual.params).toEqual(Float32Array.of(1, 3, 2, 4));
    expect(usual.notes.join()).toMatch(/a\.weight are square: read as \(out, in\)/);
    const own = networkFromArrays(stack, state, { lying: 'in-out' });
    expect([own.params, own.notes]).toEqual([Float32Array.of(1, 2, 3, 4), []]);
  });

  it('lie as the others of the file do', () => {
    const two = stack.replace(']}', ', {"kind": "linear", "name": "b", "out": 3, "bias": false}]}');
    const inOut = new Map([...state, ['b.weight', zeros([2, 3])]]);
    expect(networkFromArrays(two, inOut).params.slice(0, 4)).toEqual(Float32Array.of(1, 2, 3, 4));
    const outIn = new Map([...state, ['b.weight', zeros([3, 2])]]);
    expect(networkFromArrays(two, outIn).params.slice(0, 4)).toEqual(Float32Array.of(1, 3, 2, 4));
  });
});

const { TORCH_EXPORTS: full = '' } = process.env;
// where they are named: TORCH_EXPORTS=DIR
if (full !== '')
  describe('a state dict of full size', () => {
    it.each([
      ['resnetNorms', 'resnet:18:10:3,64,64'],
      ['gpt', 'gpt:32,2,4:64:16'],
      ['lenet', 'lenet'],
      ['mlp', 'mlp:tanh'],
    ])('of %s gives the logits of PyTorch', (name, kind) => {
      const arrays = weightsFromSafetensors(readFileSync(join(full, `${name}.state.safetensors`)), omit);
      const { network, params } = networkFromArrays(kind, arrays);
      const stored = parseNpz(readFileSync(join(full, `${name}.npz`)));
      const [x, z] = ['x', 'logits64'].map((key) => Float64Array.from(stored.get(key)!.data, Number));
      const found = apart(network, params, x, z);
      process.stdout.write(`${name} state: ${found.toExponential(1)}\n`);
      expect(found).toBeLessThan(1e-12);
    });
  });

describe('a list of dense layers', () => {
  it('may be numbered in any wrapper, with activations between', () => {
    const [a, b] = [Float32Array.from({ length: 6 }, (_, i) => i), Float32Array.from({ length: 12 }, (_, i) => -i)];
    for (const before of ['', 'layers.', 'model.layers.', 'module.net.']) {
      const state = new Map([
        [`${before}0.weight`, { shape: [3, 2], data: a }],
        [`${before}0.bias`, zeros([3])],
        [`${before}2.weight`, { shape: [4, 3], data: b }],
        [`${before}2.bias`, zeros([4])],
      ]);
      const { network, params } = networkFromArrays('mlp:relu', state);
      expect(network.name).toBe('mlp:relu:2,3,4');
      expect(params.slice(0, 6)).toEqual(Float32Array.of(0, 2, 4, 1, 3, 5));
    }
  });
});

describe('a model in several files', () => {
  const index = (map: object): string => JSON.stringify({ weight_map: map });

  it('reads each file once, in the order of the index', async () => {
    const asked: string[] = [];
    const arrays = await weightsFromShards(
      file('gpt.safetensors.index.json'),
      (name) => (asked.push(name), file(name)),
      omit,
    );
    expect(asked).toEqual(['gpt-1.safetensors', 'gpt-2.safetensors']);
    const listed = JSON.parse(new TextDecoder().decode(file('gpt.safetensors.index.json'))) as { weight_map: object };
    // the mask is no floating-point array
    expect([...arrays.keys()]).toEqual(
      Object.keys(listed.weight_map).filter((name) => !name.endsWith('h.0.attn.bias')),
    );
  });

  it.each([
    ['no JSON', '{', /no JSON text/],
    ['no map', '{"metadata": {}}', /no weight_map/],
    ['a list', '[]', /no weight_map/],
    ['a path', index({ a: '../secret' }), /"a" lies in "\.\.\/secret", which is no plain name/],
    ['the folder above', index({ a: '..' }), /no plain name/],
    ['no text', index({ a: 7 }), /no plain name/],
    ['a tensor that its file lacks', index({ other: 'gpt-1.safetensors' }), /the index puts it nowhere/],
  ])('is refused with an index of %s', async (_, text, message) => {
    await expect(weightsFromShards(text, file, omit)).rejects.toThrow(message);
  });

  it('is refused where files and index differ', async () => {
    const { weight_map: map } = JSON.parse(new TextDecoder().decode(file('gpt.safetensors.index.json'))) as {
      weight_map: Record<string, string>;
    };
    await expect(weightsFromShards(index({ ...map, none: 'gpt-1.safetensors' }), file, omit)).rejects.toThrow(
      /puts tensor "none" into "gpt-1\.safetensors", which does not have it/,
    );
    await expect(
      weightsFromShards(index({ ...map, 'transformer.wte.weight': 'gpt-2.safetensors' }), file, omit),
    ).rejects.toThrow(/is in "gpt-1\.safetensors", the index puts it into "gpt-2/);
    await expect(weightsFromShards(index(map), () => 'text' as never)).rejects.toThrow(/gave no Uint8Array/);
    await expect(weightsFromShards(index(map), file)).rejects.toThrow(/BOOL|bool|integers/);
  });
});

const stage = (number: string, block: string): string => `resnet.encoder.stages.${Number(number) - 1}.layers.${block}`;

function zeros(shape: readonly number[]): NamedArray {
  return { shape, data: new Float32Array(shape.reduce((product, n) => product * n, 1)) };
}

function flip({ shape: [rows, columns], data }: NamedArray): NamedArray {
  const turned = Float32Array.from({ length: rows * columns }, (_, k) =>
    Number(data[(k % rows) * columns + Math.floor(k / rows)]),
  );
  return { shape: [columns, rows], data: turned };
}
