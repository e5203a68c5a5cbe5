import { looksRandom } from "../credentials/characters.ts";
import { judgeName } from "../credentials/name-rules.ts";
import { isNotACredential } from "../credentials/not-a-credential.ts";
import { isPlaceholder } from "../credentials/placeholder.ts";
import { words } from "../credentials/words.ts";

/** Last words of a Secret's key that hold what goes with a credential, and is none: who, where, of which kind, until when. */
const BESIDE = new Set(
  `account address addr addresses algorithm annotations app application arn audience bcc bootstrap branch broker brokers bucket
  ca cc cert certificate certificates certs cluster comment config configuration count country cron crt database db dbname
  description digest dir directory disabled domain driver email enabled encoding endpoint endpoints engine env environment expiration
  expires expiry file filename files fingerprint folder format from group groups host hostname hostnames hosts id identifier ids image
  instance interval ip issuer kind label labels language limit locale location login mail max method min mode name namespace node nodes
  number org organisation organization owner partition path paths port ports project protocol provider pub region release repo
  repository role roles schedule scheme schema scope scopes sender server servers service size sni ssl sslmode stage state status
  subject tag team tenant timeout timezone title tls topic ttl type tz uid upn uri url urls user username usernames users vault version
  vhost workspace zone`.split(/\s+/),
);

/** True for a key whose name says that its value goes with a credential: `username`, `host`, `ca.crt`, `public-key`. */
export function isBeside(key: string): boolean {
  const all = words(key);
  return all.includes("public") || BESIDE.has(all.at(-1) ?? "");
}

/** True for a key whose name says that its value is a credential, whatever it looks like: `auth` may hold `scram-sha-256`. */
export function isNamed(key: string): boolean {
  const named = judgeName(key);
  return named !== null && named.strength !== "weak";
}

const ADDRESS = /^[a-z][a-z0-9+.-]{1,31}:\/\//i;
const EMAIL = /^[^\s@]{1,128}@[^\s@]{1,253}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Digits with what dates, versions, addresses and lists of ports have between them. */
const NUMBERS = /^[\d.,:;/+\-_TZ ]{1,512}$/;
/** What names, hosts, images, versions and paths are written like: words and numbers between separators. */
const NAMELIKE = /^[A-Za-z0-9]{1,128}([-_.:/,@][A-Za-z0-9]{0,128}){0,64}$/;
const ONE_CASE = /^([a-z]{1,512}|[A-Z]{1,512})$/;

const LONGEST_LINE = 4096;

/** True for a value that is no credential whatever its key: a certificate, a path, an address without userinfo, a boolean. */
export function isHarmless(text: string): boolean {
  return isPlaceholder(text) || isNotACredential(text, true) || ADDRESS.test(text);
}

/**
 * True for a value that nobody comes to by chance, so that the same text elsewhere is the same secret: `postgres`, `8080` and
 * `db.example.com` stand in many places. Of a key whose name says nothing, more is asked. A text of several lines is a file.
 */
export function isTelling(text: string, named: boolean): boolean {
  if (text.length < 8 || text.length > LONGEST_LINE || /[\r\n]/.test(text)) return false;
  if (ONE_CASE.test(text)) return named && text.length >= 16;
  if (NUMBERS.test(text)) return named && text.length >= 12 && !/[.,:;/]/.test(text);
  if (named) return /[^a-z-]/.test(text) || text.length >= 16;
  if (/\s/.test(text) || EMAIL.test(text) || UUID.test(text)) return false;
  return !isNamelike(text) && isMixed(text);
}

/** A token in one piece has letters and digits like some names, but reads like none. */
function isNamelike(text: string): boolean {
  if (!NAMELIKE.test(text)) return false;
  return !text.split(/[-_.:/,@]/).some((part) => looksRandom(part) || (part.length >= 8 && isScattered(part)));
}

/** Digits among letters, and not after them alone: `x9Kq2mZ4`, while `hunter22` and `node1` are words with a number. */
function isScattered(part: string): boolean {
  let end = part.length;
  while (end > 0 && /\d/.test(part[end - 1]!)) end--;
  return /\d/.test(part.slice(0, end)) && /[A-Za-z]/.test(part);
}

function isMixed(text: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((one) => one.test(text));
  return classes.length >= 2;
}
