/**
 * Builds an ONNX graph node by node: every method returns the names of what it made, ready to be the input of
 * the next node. Operators and their attributes: ONNX opset 20, and ONNX Runtime's "com.microsoft" domain
 * (docs/ContribOperators.md of that project).
 */
import { assert } from "#base/assert.ts";
import { narrowFloat16 } from "#model/webgpu/narrow-float16.ts";
import { encodeModel } from "./schema.ts";

/** What a graph computes in. */
export type Float = "f32" | "f16";

/** Element types with ONNX' numbers for them. */
const ELEMENT = { f32: 1, u8: 2, i8: 3, i32: 6, i64: 7, f16: 10 } as const;
export type Element = keyof typeof ELEMENT;

/** A dimension: a number, or the name of one that varies. */
export type Dimension = number | string;

const MICROSOFT = "com.microsoft";
const OPSET = 20;
const IR_VERSION = 9;

/** A node's attributes; integers in `whole`, fractions in `real`. */
export interface Attributes {
  readonly whole?: Readonly<Record<string, number | readonly number[]>>;
  readonly real?: Readonly<Record<string, number>>;
}

/** One graph, from inputs to outputs. */
export class OnnxGraph {
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  #names = 0;
  #weightBytes = 0;

  /** Bytes of all initializers. */
  get weightBytes(): number {
    return this.#weightBytes;
  }

  /** Declares an input and returns its name. */
  input(name: string, element: Element, dims: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, element, dims));
    return name;
  }

  /** Makes a value an output, under the name that it has. */
  output(name: string, element: Element, dims: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, element, dims));
  }

  /** A constant. @param values little-endian numbers of the element's type, in row-major order. */
  constant(
    element: Element,
    dims: readonly number[],
    values: ArrayBufferView<ArrayBufferLike>,
  ): string {
    const name = this.#name("constant");
    const raw_data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initializers.push({ name, dims, data_type: ELEMENT[element], raw_data });
    this.#weightBytes += values.byteLength;
    return name;
  }

  /** A constant of real numbers, rounded where the graph computes in halves. */
  reals(float: Float, dims: readonly number[], values: Float32Array): string {
    if (float === "f32") return this.constant("f32", dims, values);
    const halves = narrowFloat16(values);
    assert(halves, "weights fit half precision");
    return this.constant("f16", dims, halves);
  }

  /** An operator of ONNX with one output. @param inputs "" where an optional one is left out. */
  op(
    type: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    output?: string,
  ): string {
    return this.#add("", type, inputs, attributes, [output ?? this.#name(type)]);
  }

  /** An operator of ONNX with several outputs. */
  split(input: string, sizes: string, axis: number, count: number): string[] {
    const outputs = Array.from({ length: count }, () => this.#name("Split"));
    this.#add("", "Split", [input, sizes], { whole: { axis } }, outputs);
    return outputs;
  }

  /** An operator of ONNX Runtime's own domain; returns its first output. @param outputs names, "" for none. */
  contrib(
    type: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    outputs: readonly string[] = [this.#name(type)],
  ): string {
    return this.#add(MICROSOFT, type, inputs, attributes, outputs);
  }

  /** A name that nothing has yet. */
  fresh(stem: string): string {
    return this.#name(stem);
  }

  /** The file's bytes. */
  encode(): Uint8Array {
    assert(this.#outputs.length > 0, "a graph needs an output");
    return encodeModel({
      ir_version: IR_VERSION,
      producer_name: "cadenza",
      opset_import: [
        { domain: "", version: OPSET },
        { domain: MICROSOFT, version: 1 },
      ],
      graph: {
        name: "decoder",
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }

  #add(
    domain: string,
    type: string,
    inputs: readonly string[],
    { whole = {}, real = {} }: Attributes,
    outputs: readonly string[],
  ): string {
    const attribute = [
      ...Object.entries(whole).map(([name, value]) =>
        typeof value === "number" ? { name, i: value, type: 2 } : { name, ints: value, type: 7 },
      ),
      ...Object.entries(real).map(([name, f]) => ({ name, f, type: 1 })),
    ];
    const name = this.#name("node");
    this.#nodes.push({ name, domain, op_type: type, input: inputs, output: outputs, attribute });
    return outputs[0];
  }

  #name(stem: string): string {
    return `${stem}_${this.#names++}`;
  }
}

function valueInfo(name: string, element: Element, dims: readonly Dimension[]): object {
  const dim = dims.map((size) =>
    typeof size === "number" ? { dim_value: size } : { dim_param: size },
  );
  return { name, type: { tensor_type: { elem_type: ELEMENT[element], shape: { dim } } } };
}
