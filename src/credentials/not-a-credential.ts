import { HEX, isAll, looksRandom } from "./characters.ts";
import { isPublicForm } from "./public-forms.ts";

const ROOTS =
  /^(\.{0,2}|~|[a-z]:)[/\\](run|var|etc|mnt|secrets?|tmp|opt|home|vault|usr|app|config|data|root|certs?|keys?|creds?|workspace|srv|dev|proc|sys)([/\\]|$)/i;
const FILE =
  /^[\w./\\~:-]{1,256}\.(txt|pem|key|crt|cer|json|ya?ml|conf|cfg|ini|properties|env|jks|p12|pfx|toml|token|password|secret)$/i;
const DURATION =
  /^(\d{1,9}(\.\d{1,9})?\s?(ns|us|µs|ms|s|sec|secs|seconds|m|min|mins|minutes|h|hours?|d|days?|w|weeks?)){1,4}$/i;
const PUBLIC =
  /^\s{0,64}(-----BEGIN ((RSA |EC |DSA )?PUBLIC KEY|(TRUSTED )?CERTIFICATE|CERTIFICATE REQUEST|X509 CRL|PGP PUBLIC KEY BLOCK)-----|(ssh-(rsa|ed25519|dss)|ecdsa-sha2-nistp\d{3}) )/;

/** Keys that are handed to browsers, recipients of age, and addresses on a chain: public by what they are for. */
const PUBLISHED = /^(pk_(live|test)_\w{8,256}|pk-lf-[\w-]{8,64}|phc_\w{16,64}|age1[a-z0-9]{58}|0x[0-9a-fA-F]{40})$/;
/** Patterns, which look as random as a token. */
const PATTERN = /^\^.{0,254}\$$|\(\?[:=!<]|\[\^?[A-Za-z]-[A-Za-z]/;

const RELATIVE = /^[a-z0-9._-]{1,64}(\/[a-z0-9._-]{1,64}){1,16}$/;
/** The key of an object in a bucket: a path that ends in a file's name. Base64 has no dot. */
const OBJECT = /^[\w=+-]{1,128}(\/[\w.=+-]{1,128}){1,16}\.[a-z][a-z0-9]{1,4}$/i;

/** A path that people wrote. A token may have slashes in it, and then has a part that looks random. */
function isRelativePath(text: string): boolean {
  return OBJECT.test(text) || (RELATIVE.test(text) && !text.split("/").some(looksRandom));
}

/** A file's name or an absolute path. Base64 may begin with a slash, so a slash alone says nothing. */
function isPath(value: string): boolean {
  return value.length <= 1024 && !/\s/.test(value) && (ROOTS.test(value) || FILE.test(value));
}

/** `sha256:…`, or an image with its digest: public, and meant to be compared. */
function isDigest(value: string): boolean {
  const at = value.lastIndexOf("sha256:");
  return at >= 0 && (at === 0 || value[at - 1] === "@") && value.length - at === 71 && isAll(HEX, value.slice(at + 7));
}

/**
 * Values that no name turns into a credential: paths, addresses without userinfo, digests, durations, public keys.
 * People choose passwords, so a password may look like a relative path or an address; generated tokens do not.
 */
export function isNotACredential(value: string, isPassword: boolean): boolean {
  const text = value.trim();
  if (!isPassword && (isRelativePath(text) || PUBLISHED.test(text) || PATTERN.test(text.slice(0, 256)))) return true;
  if (!isPassword && /^[a-z][a-z0-9+.-]{1,31}:\/\//i.test(text)) return true;
  return (
    isPath(text) ||
    isDigest(text) ||
    DURATION.test(text.slice(0, 64)) ||
    PUBLIC.test(text) ||
    isPublicForm(text, isPassword)
  );
}
