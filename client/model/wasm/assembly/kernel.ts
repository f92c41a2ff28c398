/**
 * The kernel of the CPU backend, AssemblyScript: a whole model, one call a pass, nothing allocated after
 * `configure`. `npm run build-kernel` compiles it into kernel-binary.ts.
 */
export {
  conditionIds,
  conditions,
  configure,
  cosines,
  embedding,
  logits,
  matrixAt,
  positions,
  records,
  sines,
} from "./model";
export { pass } from "./pass";
