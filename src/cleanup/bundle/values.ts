import type { Recipient } from "age-encryption";
import type { Time } from "../../model/object.ts";
import { TAR_END, tarEntry } from "./tar.ts";

/** Who can open the parts with values. */
export type Lock = { passphrase: string } | { recipients: readonly string[] };

/** A part of the bundle, encrypted. */
export interface SealedPart {
  path: string;
  bytes: Uint8Array;
}

/** Plain bytes that may wait in memory to be encrypted together. */
const BATCH = 4 << 20;

/** The identity that opens a bundle locked by a passphrase, itself encrypted by it. */
export const KEY_PART = "values/key.age";

/**
 * Collects unmasked parts in memory and encrypts them in batches, each a tar archive in an age file (age-encryption.org/v1). A
 * passphrase opens an identity of the bundle's own: scrypt takes a second, and is asked for once instead of for each batch.
 */
export class ValueBox {
  readonly #recipients: readonly (string | Recipient)[];
  #entries: Buffer[] = [];
  #bytes = 0;
  #batches = 0;

  private constructor(recipients: readonly string[]) {
    this.#recipients = recipients;
  }

  /** A box, and the part that its key is in. Throws for a recipient that age does not know. */
  static async lockedBy(lock: Lock): Promise<{ box: ValueBox; key: SealedPart | null }> {
    const { Encrypter, generateX25519Identity, identityToRecipient } = await import("age-encryption");
    if ("recipients" in lock) {
      const tried = new Encrypter();
      for (const recipient of lock.recipients) tried.addRecipient(recipient);
      return { box: new ValueBox(lock.recipients), key: null };
    }
    const identity = await generateX25519Identity();
    const encrypter = new Encrypter();
    encrypter.setPassphrase(lock.passphrase);
    const bytes = await encrypter.encrypt(`${identity}\n`);
    return { box: new ValueBox([await identityToRecipient(identity)]), key: { path: KEY_PART, bytes } };
  }

  /** Takes a part in; gives a batch when one is full. */
  async add(path: string, bytes: Uint8Array, at: Time): Promise<SealedPart | null> {
    this.#entries.push(await tarEntry(path, bytes, at));
    this.#bytes += bytes.length;
    return this.#bytes < BATCH ? null : this.close();
  }

  /** What is left; null where nothing is. */
  async close(): Promise<SealedPart | null> {
    if (this.#entries.length === 0) return null;
    const { Encrypter } = await import("age-encryption");
    const encrypter = new Encrypter();
    for (const recipient of this.#recipients) encrypter.addRecipient(recipient);
    const bytes = await encrypter.encrypt(Buffer.concat([...this.#entries, TAR_END]));
    this.#entries = [];
    this.#bytes = 0;
    this.#batches += 1;
    return { path: `values/${String(this.#batches).padStart(4, "0")}.tar.age`, bytes };
  }
}
