/**
 * Reads the safetensors format: an 8-byte little-endian header length, a JSON header that names each
 * tensor's dtype, shape and byte range, then the bytes. The file is not trusted: every length is checked
 * before it is used, and the ranges must cover the data exactly, without holes or overlaps, as the
 * format demands. Source: https://github.com/huggingface/safetensors ("Format").
 */
import { Failure } from "#base/failure.ts";

/** Element types that our models are stored in. */
export type Dtype = "F32" | "F16" | "I8";

/** One tensor as stored; `bytes` is a view into the file, row-major, little-endian. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const HEADER_LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 1024 * 1024;
const DTYPE_BYTES: Readonly<Record<Dtype, number>> = { F32: 4, F16: 2, I8: 1 };

/**
 * The tensors of one file, by name, in the file's order.
 * @param file the whole file; the results are views into it. @param label the file's name, for errors.
 * @throws Failure "unreadable" that says what is broken.
 */
export function parseSafetensors(file: Uint8Array, label: string): StoredTensor[] {
  const refuse = (what: string) =>
    new Failure(
      "unreadable",
      `${label} is not a usable safetensors file: ${what}; download or export the model again.`,
    );
  if (file.byteLength < HEADER_LENGTH_BYTES) throw refuse(`it has only ${file.byteLength} bytes`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = view.getBigUint64(0, true);
  const available = file.byteLength - HEADER_LENGTH_BYTES;
  if (headerLength > BigInt(Math.min(available, MAX_HEADER_BYTES)))
    throw refuse(`its header claims ${headerLength} bytes of ${available}`);
  const dataStart = HEADER_LENGTH_BYTES + Number(headerLength);
  const header = parseHeader(file.subarray(HEADER_LENGTH_BYTES, dataStart), refuse);
  const data = file.subarray(dataStart);

  const tensors: (StoredTensor & { begin: number; end: number })[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, begin, end } = parseEntry(name, entry, refuse);
    if (end > data.byteLength)
      throw refuse(`"${name}" ends at byte ${end} of ${data.byteLength}, past the end of the file`);
    tensors.push({ name, dtype, shape, begin, end, bytes: data.subarray(begin, end) });
  }
  checkCoverage(tensors, data.byteLength, refuse);
  return tensors.map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, bytes }));
}

type Refuse = (what: string) => Failure;

function parseHeader(bytes: Uint8Array, refuse: Refuse): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw Object.assign(refuse("its header is not JSON"), { cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw refuse("its header is not an object");
  return json as Record<string, unknown>;
}

function parseEntry(name: string, entry: unknown, refuse: Refuse) {
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof entry !== "object" || entry === null) throw refuse(`"${name}" is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPE_BYTES, dtype))
    throw refuse(`"${name}" has the type ${JSON.stringify(dtype)}, expected F32, F16 or I8`);
  if (!Array.isArray(shape) || shape.length > 4 || !shape.every(isCount))
    throw refuse(`"${name}" has no valid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw refuse(`"${name}" has no valid byte range`);
  const [begin, end] = offsets as [number, number];
  const expected = shape.reduce((size, n) => size * n, DTYPE_BYTES[dtype as Dtype]);
  if (end - begin !== expected)
    throw refuse(`"${name}" takes ${end - begin} bytes, its shape [${shape}] needs ${expected}`);
  return { dtype: dtype as Dtype, shape: shape as number[], begin, end };
}

function checkCoverage(
  tensors: readonly { name: string; begin: number; end: number }[],
  dataLength: number,
  refuse: Refuse,
): void {
  let covered = 0;
  for (const { name, begin, end } of [...tensors].sort((a, b) => a.begin - b.begin)) {
    if (begin !== covered)
      throw refuse(
        `"${name}" starts at byte ${begin}, expected ${covered} (no holes, no overlaps)`,
      );
    covered = end;
  }
  if (covered !== dataLength)
    throw refuse(`its tensors cover ${covered} of ${dataLength} bytes of data`);
}
