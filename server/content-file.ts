/**
 * One file as an answer, named by its content: strong ETag, 304, single byte ranges (RFC 9110,
 * sections 13 and 14). @fastify/static derives its tags from dates, which change with every clone
 * and cannot vouch for a range, so weights, sounds and results are sent by this.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "./errors.ts";

/** A file of this machine to send. */
export interface ContentFile extends Labels {
  readonly path: string;
}

/** Content to send, wherever it lies. */
export interface Content extends Labels {
  readonly bytes: number;
  /** Its bytes from `start` to `end`, both included. */
  open(start: number, end: number): Readable;
}

/** What is said of content. */
interface Labels {
  /** Media type. */
  readonly type: string;
  /** What identifies the content, without quotes: a hash, or a name that carries one. */
  readonly tag: string;
  /** Whether the URL can never mean other content. */
  readonly immutable: boolean;
}

const IMMUTABLE = "public, max-age=31536000, immutable";
const REVALIDATE = "no-cache";

/** Sends the file, a range of it, or 304. The path is trusted: the caller chose it, not the request. */
export async function sendContentFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: ContentFile,
): Promise<FastifyReply> {
  const { size } = await stat(file.path);
  const open = (start: number, end: number) => createReadStream(file.path, { start, end });
  return sendContent(request, reply, { ...file, bytes: size, open });
}

/** Sends a JSON file that may come to say something else under its URL, or 304. The path is trusted. */
export async function sendJsonFile(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
): Promise<FastifyReply> {
  const type = "application/json; charset=utf-8";
  const tag = await hashOfFile(path);
  return await sendContentFile(request, reply, { path, type, tag, immutable: false });
}

/** Sends content, a range of it, or 304. */
export function sendContent(
  request: FastifyRequest,
  reply: FastifyReply,
  file: Content,
): FastifyReply {
  const { bytes: size } = file;
  const etag = `"${file.tag}"`;
  reply
    .header("etag", etag)
    .header("accept-ranges", "bytes")
    .header("cache-control", file.immutable ? IMMUTABLE : REVALIDATE);
  if (matches(request.headers["if-none-match"], etag)) return reply.code(304).send();
  reply.type(file.type);
  const rangeHolds = matches([request.headers["if-range"] ?? "*"].join(), etag);
  const range = rangeHolds ? parseRange(request.headers.range, size) : undefined;
  if (range === "unsatisfiable") {
    throw new Refusal(416, `The file has ${size} bytes; ask for a range within them.`, {
      "content-range": `bytes */${size}`,
    });
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range !== undefined) {
    reply.code(206).header("content-range", `bytes ${start}-${end}/${size}`);
  }
  reply.header("content-length", end - start + 1);
  if (request.method === "HEAD") return reply.send(Readable.from([])); // keeps the length
  return reply.send(file.open(start, end));
}

/** The tag of a small file that is not named by its content: its sha256. */
export async function hashOfFile(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

/** Whether a list of entity tags names this one; a weak tag counts as its strong twin for reading. */
function matches(list: string | undefined, etag: string): boolean {
  if (list === undefined) return false;
  return list.split(",").some((entry) => {
    const tag = entry.trim();
    return tag === "*" || tag === etag || tag === `W/${etag}`;
  });
}

/** The one range asked for; undefined where the whole file answers (no range, several, nonsense). */
function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  if (match[1] === "") {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== "" && Number(match[2]) < start) return undefined;
  return start >= size ? "unsatisfiable" : { start, end };
}
