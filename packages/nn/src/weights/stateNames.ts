/** What names of wrapped modules begin with, and what says nothing about a layer: DataParallel, compiled modules, Lightning and HF's libraries. */
const prefix = /^(?:module|_orig_mod|model|transformer|net|network|backbone)\./;

/** The name without what wrappers put before it. */
export function unwrapped(name: string): string {
  const shorter = name.replace(prefix, '');
  return shorter === name ? name : unwrapped(shorter);
}

/** What a state holds and no network computes with: counters, causal masks, numbers of positions. */
export function isLeftAside(name: string): boolean {
  return /(num_batches_tracked|attn\.(masked_)?bias|position_ids|rotary_emb\.inv_freq)$/.test(name);
}

type Renaming = readonly [RegExp, string | ((...found: string[]) => string)];

const next = (number: string): string => String(Number(number) + 1);
const layer = (number: string): string => `encoder.layers.encoder_layer_${number}`;

const residual: readonly Renaming[] = [
  [/\.shortcut\.(?=[01]\.)/, '.downsample.'],
  [/^linear\./, 'fc.'],
  [/^resnet\.embedder\.embedder\.convolution\./, 'conv1.'],
  [/^resnet\.embedder\.embedder\.normalization\./, 'bn1.'],
  [/^resnet\.encoder\.stages\.(\d+)\.layers\.(\d+)\./, (_, stage, block) => `layer${next(stage)}.${block}.`],
  [/\.layer\.(\d+)\.convolution\./, (_, number) => `.conv${next(number)}.`],
  [/\.layer\.(\d+)\.normalization\./, (_, number) => `.bn${next(number)}.`],
  [/\.shortcut\.convolution\./, '.downsample.0.'],
  [/\.shortcut\.normalization\./, '.downsample.1.'],
  [/^classifier\.1\./, 'fc.'],
];

const vision: readonly Renaming[] = [
  [/^vit\./, ''],
  [/^(?:patch_embed\.proj|embeddings\.patch_embeddings\.projection)\./, 'conv_proj.'],
  [/^(?:embeddings\.)?cls_token$/, 'class_token'],
  [/^(?:pos_embed|embeddings\.position_embeddings|encoder\.pos_embedding)$/, 'encoder.pos_embedding.weight'],
  [/^blocks\.(\d+)\.norm([12])\./, (_, number, norm) => `${layer(number)}.ln_${norm}.`],
  [/^blocks\.(\d+)\.attn\.qkv\./, (_, number) => `${layer(number)}.self_attention.in_proj_`],
  [/^blocks\.(\d+)\.attn\.proj\./, (_, number) => `${layer(number)}.self_attention.out_proj.`],
  [/^blocks\.(\d+)\.mlp\.fc1\./, (_, number) => `${layer(number)}.mlp.0.`],
  [/^blocks\.(\d+)\.mlp\.fc2\./, (_, number) => `${layer(number)}.mlp.3.`],
  [/\.mlp\.linear_1\./, '.mlp.0.'],
  [/\.mlp\.linear_2\./, '.mlp.3.'],
  [/^encoder\.layer\.(\d+)\.layernorm_before\./, (_, number) => `${layer(number)}.ln_1.`],
  [/^encoder\.layer\.(\d+)\.layernorm_after\./, (_, number) => `${layer(number)}.ln_2.`],
  [/^encoder\.layer\.(\d+)\.attention\.output\.dense\./, (_, number) => `${layer(number)}.self_attention.out_proj.`],
  [/^encoder\.layer\.(\d+)\.intermediate\.dense\./, (_, number) => `${layer(number)}.mlp.0.`],
  [/^encoder\.layer\.(\d+)\.output\.dense\./, (_, number) => `${layer(number)}.mlp.3.`],
  [/^encoder\.layer\.(\d+)\.attention\.attention\./, (_, number) => `${layer(number)}.self_attention.`],
  [/^(?:norm|layernorm)\./, 'encoder.ln.'],
  [/^(?:head|classifier)\./, 'heads.head.'],
];

/**
 * What other libraries call an array that torchvision calls otherwise, in the order of trust: the name itself, then what the CIFAR residual nets of
 * many repositories and HF's residual nets have, then timm's and HF's vision transformers.
 */
export function namesOf(name: string): readonly string[] {
  const plain = unwrapped(name);
  const renamed = [residual, vision].map((renamings) =>
    renamings.reduce((text, [pattern, to]) => text.replace(pattern, to as string), plain),
  );
  return [...new Set([plain, ...renamed])];
}
