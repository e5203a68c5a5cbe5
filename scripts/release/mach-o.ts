/**
 * The ad hoc signature of a macOS executable, without which an Apple processor runs nothing. It says only that the file
 * is whole: names and offsets are those of Apple's <mach-o/loader.h> and xnu's osfmk/kern/cs_blobs.h.
 */
import { createHash } from "node:crypto";
import { ReleaseError } from "./errors.ts";

const MH_MAGIC_64 = 0xfeedfacf;
const HEADER_SIZE = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const LOAD_COMMAND_SIZE = 16;

const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
/** The larger of the page sizes of Apple's processors; memory is mapped in whole pages. */
const MEMORY_PAGE = 0x4000;

const CSMAGIC_EMBEDDED_SIGNATURE = 0xfade0cc0;
const CSMAGIC_CODEDIRECTORY = 0xfade0c02;
const CS_SUPPORTSEXECSEG = 0x20400;
const CS_ADHOC = 2;
const CS_HASHTYPE_SHA256 = 2;
const CS_EXECSEG_MAIN_BINARY = 1;
const HASH_SIZE = 32;
const SUPER_BLOB_SIZE = 20;
const CODE_DIRECTORY_SIZE = 88;

interface Segment {
  /** Where its load command begins. */
  at: number;
  offset: number;
  size: number;
}

interface Layout {
  segments: Map<string, Segment>;
  commands: number;
  commandsEnd: number;
  /** Where the first section's bytes begin: load commands must end before. */
  room: number;
}

function layoutOf(file: Buffer): Layout {
  if (file.readUInt32LE(0) !== MH_MAGIC_64) throw new ReleaseError("this is no 64-bit Mach-O file");
  const commands = file.readUInt32LE(16);
  const segments = new Map<string, Segment>();
  let room = Infinity;
  let at = HEADER_SIZE;
  for (let index = 0; index < commands; index++) {
    const command = file.readUInt32LE(at);
    if (command === LC_CODE_SIGNATURE) throw new ReleaseError("the file has a signature already");
    if (command === LC_SEGMENT_64) {
      const name = file.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
      const offset = Number(file.readBigUInt64LE(at + 40));
      segments.set(name, { at, offset, size: Number(file.readBigUInt64LE(at + 48)) });
      for (let section = 0; section < file.readUInt32LE(at + 64); section++) {
        const start = file.readUInt32LE(at + 72 + 80 * section + 48);
        if (start > 0) room = Math.min(room, start);
      }
    }
    at += file.readUInt32LE(at + 4);
  }
  return { segments, commands, commandsEnd: at, room };
}

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/**
 * The file with an ad hoc signature at its end, under this identifier. Throws ReleaseError for a file that is no
 * unsigned 64-bit Mach-O executable whose last part is __LINKEDIT, or that has no room for a load command more.
 */
export function signAdHoc(file: Buffer, identifier: string): Buffer {
  const { segments, commands, commandsEnd, room } = layoutOf(file);
  const text = segments.get("__TEXT");
  const link = segments.get("__LINKEDIT");
  if (text === undefined || link === undefined || link.offset + link.size !== file.length) {
    throw new ReleaseError("the file does not end in __LINKEDIT, where a signature belongs");
  }
  if (commandsEnd + LOAD_COMMAND_SIZE > room)
    throw new ReleaseError("the file has no room for the signature's command");
  const codeLimit = roundUp(file.length, 16);
  const name = Buffer.from(`${identifier}\0`, "latin1");
  const pages = Math.ceil(codeLimit / PAGE);
  const size = SUPER_BLOB_SIZE + CODE_DIRECTORY_SIZE + name.length + pages * HASH_SIZE;
  const signed = Buffer.alloc(codeLimit + size);
  file.copy(signed);

  // The commands say how long the file becomes, and are themselves part of what is signed.
  signed.writeUInt32LE(commands + 1, 16);
  signed.writeUInt32LE(commandsEnd - HEADER_SIZE + LOAD_COMMAND_SIZE, 20);
  [LC_CODE_SIGNATURE, LOAD_COMMAND_SIZE, codeLimit, size].forEach((word, index) => {
    signed.writeUInt32LE(word, commandsEnd + 4 * index);
  });
  const linkSize = codeLimit + size - link.offset;
  signed.writeBigUInt64LE(BigInt(roundUp(linkSize, MEMORY_PAGE)), link.at + 32);
  signed.writeBigUInt64LE(BigInt(linkSize), link.at + 48);

  writeSignature(signed, { codeLimit, size, pages, name, text });
  return signed;
}

interface Signature {
  codeLimit: number;
  size: number;
  pages: number;
  name: Buffer;
  text: Segment;
}

/** A super blob with one blob, the code directory: a hash for each page before it. All its numbers are big-endian. */
function writeSignature(signed: Buffer, { codeLimit, size, pages, name, text }: Signature): void {
  const words = (at: number, values: number[]): void => {
    values.forEach((value, index) => signed.writeUInt32BE(value, at + 4 * index));
  };
  words(codeLimit, [CSMAGIC_EMBEDDED_SIGNATURE, size, 1, 0, SUPER_BLOB_SIZE]);
  const at = codeLimit + SUPER_BLOB_SIZE;
  const hashes = CODE_DIRECTORY_SIZE + name.length;
  const [length, specialSlots] = [size - SUPER_BLOB_SIZE, 0];
  words(at, [CSMAGIC_CODEDIRECTORY, length, CS_SUPPORTSEXECSEG, CS_ADHOC, hashes, CODE_DIRECTORY_SIZE]);
  words(at + 24, [specialSlots, pages, codeLimit]);
  signed.set([HASH_SIZE, CS_HASHTYPE_SHA256, 0, PAGE_BITS], at + 36);
  // Scatter, team and the limit of files over 4 GiB stay zero, from 40 to 64.
  signed.writeBigUInt64BE(BigInt(text.offset), at + 64);
  signed.writeBigUInt64BE(BigInt(text.size), at + 72);
  signed.writeBigUInt64BE(BigInt(CS_EXECSEG_MAIN_BINARY), at + 80);
  name.copy(signed, at + CODE_DIRECTORY_SIZE);
  for (let page = 0; page < pages; page++) {
    const bytes = signed.subarray(page * PAGE, Math.min((page + 1) * PAGE, codeLimit));
    createHash("sha256")
      .update(bytes)
      .digest()
      .copy(signed, at + hashes + page * HASH_SIZE);
  }
}
