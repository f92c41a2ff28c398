/** The folder of the model that the page plays with, which benchmarks take where none is named. */
import { resolve } from "node:path";

export const SHIPPED_MODEL = resolve(import.meta.dirname, "../../presets/models/cadenza-band");
