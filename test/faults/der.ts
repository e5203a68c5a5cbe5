/** The little of DER (X.690) that a certificate needs. */
function wrap(tag: number, content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const length = Buffer.from(content.length.toString(16).replace(/^(.(..)*)$/, "0$1"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

export const sequence = (...parts: Buffer[]): Buffer => wrap(0x30, Buffer.concat(parts));
export const set = (...parts: Buffer[]): Buffer => wrap(0x31, Buffer.concat(parts));
export const octets = (content: Buffer): Buffer => wrap(0x04, content);
export const bits = (content: Buffer, unused = 0): Buffer =>
  wrap(0x03, Buffer.concat([Buffer.from([unused]), content]));
export const boolean = (value: boolean): Buffer => wrap(0x01, Buffer.from([value ? 0xff : 0]));
export const utf8 = (text: string): Buffer => wrap(0x0c, Buffer.from(text, "utf8"));
/** A context-specific tag, constructed or primitive. */
export const tagged = (tag: number, content: Buffer, primitive = false): Buffer =>
  wrap((primitive ? 0x80 : 0xa0) | tag, content);

/** A big-endian number, not negative. DER takes no byte more than is needed: random serials begin with a zero now and then. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  return wrap(0x02, digits[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

/** GeneralizedTime for every year; RFC 5280 wants UTCTime before 2050, which OpenSSL does not insist on. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return wrap(0x18, Buffer.from(digits, "latin1"));
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let value = arc >> 7; value > 0; value >>= 7) septets.unshift((value & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return wrap(0x06, Buffer.from(bytes));
}
