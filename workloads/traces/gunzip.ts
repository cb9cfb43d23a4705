/**
 * Gzip as a stream that keeps what it could decode. The ready-made decoders fail on the files that really
 * occur (a log rotated into several members, a copy cut in the middle, padding behind the end) and take
 * what they had decoded with them; so the framing is read here, and only the raw deflate data of each member
 * goes to zlib, piece by piece.
 *
 * @module
 */
import { crc32, createInflateRaw } from "node:zlib";

/** The first two bytes of every gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decodes a gzip stream of any number of members.
 *
 * @param onDamage told once what is wrong, after the last piece that could be decoded.
 */
export async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  onDamage: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  const input = new ByteQueue(chunks);
  for (let members = 0; await input.atLeast(1); members++) {
    const header = await readHeader(input);
    if (header === "foreign" && members > 0) return; // padding behind the last member
    if (header !== "whole") return onDamage(header === "cut" ? "is cut short" : "is damaged");
    const damage = yield* inflateMember(input);
    if (damage !== null) return onDamage(damage);
  }
}

/** The deflate data of one member and its trailer: checksum and length. */
async function* inflateMember(input: ByteQueue): AsyncGenerator<Uint8Array, string | null> {
  const inflater = new Inflater();
  let checksum = 0;
  let length = 0;
  try {
    while (!inflater.ended) {
      if (!await input.atLeast(1)) return "is cut short";
      for await (const piece of inflater.feed(input.takeAll())) {
        checksum = crc32(piece, checksum);
        length = (length + piece.length) % 2 ** 32;
        yield piece;
      }
      if (inflater.failed) return "is damaged";
    }
    input.putBack(inflater.rest());
  } finally {
    inflater.close();
  }
  if (!await input.atLeast(8)) return "is cut short";
  const { buffer, byteOffset } = input.take(8);
  const trailer = new DataView(buffer, byteOffset, 8);
  const intact = trailer.getUint32(0, true) === checksum && trailer.getUint32(4, true) === length;
  return intact ? null : "is damaged";
}

const HEADER_BYTES = 10;
const HEADER_CHECKSUM = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;

/** Passes over one member's header. */
async function readHeader(input: ByteQueue): Promise<"whole" | "cut" | "foreign"> {
  if (!await input.atLeast(2)) return "cut";
  if (!isGzip(input.peek(2))) return "foreign";
  if (!await input.atLeast(HEADER_BYTES)) return "cut";
  const header = input.take(HEADER_BYTES);
  const flags = header[3]!;
  if (header[2] !== 8) return "foreign";
  if (flags & EXTRA) {
    if (!await input.atLeast(2)) return "cut";
    const [low, high] = input.take(2);
    if (!await input.skip(low! + high! * 256)) return "cut";
  }
  if (flags & NAME && !await skipText(input)) return "cut";
  if (flags & COMMENT && !await skipText(input)) return "cut";
  if (flags & HEADER_CHECKSUM && !await input.skip(2)) return "cut";
  return "whole";
}

/** Passes over text up to and with its NUL. */
async function skipText(input: ByteQueue): Promise<boolean> {
  while (await input.atLeast(1)) {
    if (input.take(1)[0] === 0) return true;
  }
  return false;
}

/** Bytes that arrive in chunks and are taken in other pieces. */
class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Waits for so many bytes. @returns false where the input ends before. */
  async atLeast(length: number): Promise<boolean> {
    while (this.#bytes.length < length) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      this.putBack(this.#bytes.length === 0 ? value : joined(this.#bytes, value));
    }
    return true;
  }

  async skip(length: number): Promise<boolean> {
    if (!await this.atLeast(length)) return false;
    this.take(length);
    return true;
  }

  peek(length: number): Uint8Array {
    return this.#bytes.subarray(0, length);
  }

  take(length: number): Uint8Array {
    const taken = this.peek(length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  takeAll(): Uint8Array {
    return this.take(this.#bytes.length);
  }

  /** Makes these the bytes that come next. */
  putBack(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Raw deflate data in, decoded pieces out, each before the next chunk goes in: an error loses none. */
class Inflater {
  readonly #stream = createInflateRaw();
  #wake: () => void = () => {};
  #chunk: Uint8Array = new Uint8Array();
  #fed = 0;
  #ended = false;
  #failed = false;

  constructor() {
    this.#stream.on("readable", () => this.#wake());
    this.#stream.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
    this.#stream.on("error", () => {
      this.#failed = true;
      this.#wake();
    });
  }

  /** Whether the data have come to their own end. */
  get ended(): boolean {
    return this.#ended || this.#stream.bytesWritten < this.#fed;
  }

  get failed(): boolean {
    return this.#failed;
  }

  async *feed(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
    this.#chunk = chunk;
    this.#fed += chunk.length;
    let written = false;
    this.#stream.write(chunk, () => {
      written = true;
      this.#wake();
    });
    while (true) {
      const settled = written || this.#ended || this.#failed; // what comes is there once this holds
      for (let piece = this.#read(); piece !== null; piece = this.#read()) yield piece;
      if (settled) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (written || this.#ended || this.#failed) resolve();
      });
    }
  }

  /** What of the last chunk lies behind the end. */
  rest(): Uint8Array {
    return this.#chunk.subarray(this.#chunk.length - (this.#fed - this.#stream.bytesWritten));
  }

  close(): void {
    this.#stream.destroy();
  }

  #read(): Uint8Array | null {
    return this.#stream.read() as Uint8Array | null;
  }
}
