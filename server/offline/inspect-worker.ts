/** The reading thread: answers one question after the other about what people sent. */
import { parentPort } from "node:worker_threads";
import { assert } from "#base/assert.ts";
import { inspect, type Question } from "./inspect.ts";

const port = parentPort;
assert(port !== null, "this module runs in a thread only");
port.on("message", (question: Question) => port.postMessage(inspect(question)));
