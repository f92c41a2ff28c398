/** The encoding thread: minutes of sound take seconds to encode, and a server has other things to do. */
import { workerData } from "node:worker_threads";
import { unreachable } from "#base/assert.ts";
import { encodeMp3 } from "./encode-mp3.ts";
import { encodeWav } from "./encode-wav.ts";
import type { EncodeOrder, EncodeReply } from "./render-audio.ts";
import { answer } from "./thread.ts";

async function encode({ audio, sampleRate, format, title }: EncodeOrder): Promise<Uint8Array> {
  switch (format) {
    case "wav":
      return encodeWav(audio, sampleRate);
    case "mp3":
      return await encodeMp3(audio, sampleRate, title);
    default:
      return unreachable(format);
  }
}

await answer<EncodeReply>(async (reply) => {
  const bytes = await encode(workerData as EncodeOrder);
  reply({ kind: "done", bytes }, [bytes.buffer as ArrayBuffer]);
});
