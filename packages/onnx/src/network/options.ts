import type { OnnxOptions } from '../protobuf/model.js';
import type { ParameterChoice } from './parameters.js';

/** Options of onnxNetwork. */
export interface OnnxNetworkOptions extends OnnxOptions {
  /** label for people; default the name of the graph */
  readonly name?: string;
  /** which float arrays are parameters, a pattern or names; default by use, see onnxNetwork */
  readonly parameters?: ParameterChoice;
  /** the input that examples are fed to, where the graph has several */
  readonly input?: string;
  /** numbers that other inputs are filled with: `{ attention_mask: 1, token_type_ids: 0 }` */
  readonly fixed?: Readonly<Record<string, number>>;
  /** the output that holds logits, where the graph has several; any value of the graph will do */
  readonly output?: string;
  /** shape of one example, where the file leaves lengths beside the batch open */
  readonly inputShape?: readonly number[];
  /**
   * what parameters are called: as in the file (default), or, where exporters made names up (`onnx::Conv_193`), after the layers that use them
   * (`layer1.0.conv1.weight`), as far as nodes say where they stand
   */
  readonly names?: 'file' | 'layers';
  /** what to do with weights that no node reads; default 'refuse' */
  readonly unused?: 'refuse' | 'ignore';
}
