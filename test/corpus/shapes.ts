import { createHash } from "node:crypto";

/** Draws the next number in [0, 1). */
type Random = () => number;

/** A deterministic generator (mulberry32) from a text: the same entry has the same value in every run. */
export function randomFrom(seed: string): Random {
  let state = createHash("sha256").update(seed).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const ALPHABETS: Record<string, string> = {
  lower: LOWER,
  upper: UPPER + DIGITS,
  letters: LOWER + UPPER,
  digits: DIGITS,
  hex: `${DIGITS}abcdef`,
  HEX: `${DIGITS}ABCDEF`,
  alnum: LOWER + UPPER + DIGITS,
  lowalnum: LOWER + DIGITS,
  url: `${LOWER}${UPPER}${DIGITS}-_`,
  base32: `${UPPER}234567`,
  // What password managers write; without quotes and spaces, which depend on who reads them.
  strong: `${LOWER}${UPPER}${DIGITS}!#%*+-=?@^_.`,
};

/** Words that people build passwords of. */
const WORDS = `summer winter dragon monkey sunshine orange purple coffee guitar rocket tiger castle shadow river silver
  thunder maple falcon pepper cookie lemon market bridge planet harbor velvet copper jungle pirate window`.split(/\s+/);

/** Passwords that stand in examples and go live all the same. */
const WEAK = `changeme postgres admin root secret password letmein welcome qwerty test123 admin123 password1 changeit
  passw0rd Passw0rd! secret123 example guest minio123 root123 rootpassword mysecretpassword supersecret Admin@123
  toor default redis rabbitmq hunter2 s3cr3t pa55word mypassword 123456 12345678 foobar dbpass`.split(/\s+/);

function pick<T>(random: Random, of: readonly T[]): T {
  return of[Math.floor(random() * of.length)]!;
}

function draw(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}

/** Bytes of a key or a hash; the generator's, hence worthless. */
function bytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** How a key's body begins: a long ASN.1 sequence, or what OpenSSH writes (PROTOCOL.key). */
function beginning(label: string): Buffer {
  return label.startsWith("OPENSSH") ? Buffer.from("openssh-key-v1\0") : Buffer.from([0x30, 0x82, 0x01, 0xdc]);
}

function pem(random: Random, label: string): string {
  const body = Buffer.concat([beginning(label), bytes(random, 476)]).toString("base64");
  const lines = body.replace(/.{64}/g, "$&\n").trim();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----`;
}

function jwt(random: Random, subject: string): string {
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
  return `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: subject, iat: 1700000000 })}.${draw(random, ALPHABETS["url"]!, 43)}`;
}

function uuid(random: Random): string {
  const hex = draw(random, ALPHABETS["hex"]!, 30);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}

/** Generators with an argument of their own; those of ALPHABETS take a length. */
const GENERATORS: Record<string, (random: Random, argument: string) => string> = {
  weak: (random) => pick(random, WEAK),
  word: (random) => pick(random, WORDS),
  words: (random, separator) => Array.from({ length: 4 }, () => pick(random, WORDS)).join(separator || "-"),
  phrase: (random) => Array.from({ length: 4 }, () => pick(random, WORDS)).join(" "),
  human: (random) => `${capital(pick(random, WORDS))}${draw(random, DIGITS, 2)}${pick(random, ["!", "?", "#", ""])}`,
  number: (random, below) => String(Math.floor(random() * Number(below || 1000))),
  uuid,
  pem,
  jwt,
  base64: (random, length) => bytes(random, Number(length)).toString("base64"),
  sha256: (random) => draw(random, ALPHABETS["hex"]!, 64),
  sha1: (random) => draw(random, ALPHABETS["hex"]!, 40),
  md5: (random) => draw(random, ALPHABETS["hex"]!, 32),
  b64: (_random, text) => Buffer.from(text).toString("base64"),
  hexed: (_random, text) => Buffer.from(text).toString("hex"),
  percent: (_random, text) => encodeURIComponent(text),
  lines: (_random, text) => text.replaceAll("\\n", "\n"),
  escaped: (_random, text) => text.replaceAll("\n", "\\n"),
};

function generated(random: Random, spec: string): string {
  const space = spec.indexOf(" ");
  const [kind, argument] = space < 0 ? [spec, ""] : [spec.slice(0, space), spec.slice(space + 1)];
  const alphabet = ALPHABETS[kind];
  if (alphabet !== undefined) return draw(random, alphabet, Number(argument));
  const generator = GENERATORS[kind];
  if (generator === undefined) throw new Error(`the corpus names a shape that is not known: ${kind}`);
  return generator(random, argument);
}

/**
 * Fills a template: `‹alnum 32›` becomes 32 letters and digits, `‹b64 app:‹human›››` nests, from the inside out. No value is
 * written down anywhere: it exists while it is measured. Throws for a shape that is not known.
 */
export function fill(template: string, random: Random): string {
  let text = template;
  while (/‹[^‹›]*›/.test(text)) text = text.replace(/‹([^‹›]*)›/, (_whole, spec: string) => generated(random, spec));
  return text;
}
