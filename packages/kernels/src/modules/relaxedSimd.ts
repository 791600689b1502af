/**
 * The smallest module that needs relaxed SIMD; validated, never run.
 *
 *     (module (func (param v128) (result v128)
 *       local.get 0  local.get 0  local.get 0  f32x4.relaxed_madd))
 */
// prettier-ignore
const probe: Uint8Array<ArrayBuffer> = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version 1
  0x01, 0x06, 0x01, 0x60, 0x01, 0x7b, 0x01, 0x7b, // type section: 0 = (v128) -> (v128)
  0x03, 0x02, 0x01, 0x00,                         // function section: function 0 has type 0
  0x0a, 0x0d, 0x01, 0x0b, 0x00,                   // code section: one body of 11 bytes, no locals
  0x20, 0x00, 0x20, 0x00, 0x20, 0x00,             // local.get 0, three times
  0xfd, 0x85, 0x02,                               // f32x4.relaxed_madd (prefix 0xfd, 0x105 as LEB128)
  0x0b,                                           // end
]);

/** Whether this engine validates relaxed SIMD multiply-add: what the fast flavour needs. */
export function hasRelaxedSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(probe);
}
