/**
 * A shared piece as a link: JSON, deflated (RFC 1951), in the letters of base64url (RFC 4648, 5) behind the address's "#",
 * which no server sees. Programs that links are sent through cut long ones, so there is a limit.
 */
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { parseShared, type SharedPiece } from "#engine/journal/shared-piece.ts";

/** Characters of a link, at most. */
export const LONGEST_LINK = 16_000;

/** Bytes of the JSON that is taken from a link: a small one may say it holds gigabytes. */
const MOST_BYTES = 4 * 1024 * 1024;

const MARK = "#jam=";
const FORMAT = "deflate-raw";

/** What composes the piece: the other page is asked for the same. */
export interface ComposedBy {
  /** A model's id. */
  readonly model: string;
  readonly backend: string;
}

/** The link to a piece. @param page any address of the page @throws Failure "too-large" with what to do instead */
export async function linkOf(piece: SharedPiece, by: ComposedBy, page: URL): Promise<string> {
  const link = new URL(page.pathname, page);
  for (const [name, value] of Object.entries(by)) link.searchParams.set(name, value);
  link.hash = MARK + lettersOf(await deflated(JSON.stringify(piece)));
  const { length } = link.href;
  if (length > LONGEST_LINK)
    throw new Failure("too-large", remark("link-too-long", { length, most: LONGEST_LINK }));
  return link.href;
}

/** Whether an address holds a piece, readable or not. */
export const holdsPiece = ({ hash }: Pick<URL, "hash">): boolean => hash.startsWith(MARK);

/** The piece in an address. @throws Failure "unreadable" where it holds none that can be read */
export async function pieceIn({ hash }: URL): Promise<SharedPiece> {
  const unreadable = () => new Failure("unreadable", remark("link-unreadable", {}));
  if (hash.length > LONGEST_LINK) throw unreadable();
  let json: unknown;
  try {
    json = JSON.parse(await inflated(bytesOf(hash.slice(MARK.length))));
  } catch (error) {
    throw new Failure("unreadable", remark("link-unreadable", {}), { cause: error });
  }
  return parseShared(json);
}

async function deflated(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(FORMAT));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @throws where the bytes are no deflated text, or too much of it */
async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(FORMAT));
  const reader = stream.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value);
    length += read.value.length;
    if (length > MOST_BYTES) throw new RangeError(`more than ${MOST_BYTES} bytes`);
  }
  return await new Blob(chunks).text();
}

/** Base64url without padding. */
function lettersOf(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @throws where a letter is none of base64url */
function bytesOf(letters: string): Uint8Array<ArrayBuffer> {
  const text = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
