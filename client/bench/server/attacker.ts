/**
 * A client of the server that says from which loopback address it speaks (Linux takes all of
 * 127.0.0.0/8), so that one machine can play several clients. `fetch` cannot choose its own address.
 */
import { Agent, type IncomingHttpHeaders, request } from "node:http";

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One client; its connections are kept. */
export class Attacker {
  readonly #agent: Agent;
  readonly #origin: string;

  /** @param address where it speaks from, 127.x.y.z */
  constructor(origin: string, address: string) {
    this.#origin = origin;
    this.#agent = new Agent({ keepAlive: true, localAddress: address });
  }

  /** Sends a request. Rejects where the connection is refused or cut. */
  send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: Uint8Array,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sending = request(
        new URL(path, this.#origin),
        { method, headers: { ...headers }, agent: this.#agent },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (piece) => {
            text += piece;
          });
          response.on("error", reject);
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
        },
      );
      sending.on("error", reject);
      sending.end(body);
    });
  }

  /** Posts a MIDI file to be rendered. */
  render(midi: Uint8Array): Promise<Answer> {
    return this.send("POST", "/api/renders", { "content-type": "audio/midi" }, midi);
  }

  /** Lets its connections go. */
  dispose(): void {
    this.#agent.destroy();
  }
}
