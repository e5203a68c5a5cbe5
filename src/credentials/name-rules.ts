import type { CredentialKind } from "../model/credential.ts";
import { words } from "./words.ts";

/** What a name says of its value. `strong`: any value will do; `weak`: only one that looks random. */
export interface NameVerdict {
  kind: CredentialKind;
  noun: string;
  strength: "strong" | "medium" | "weak";
}

/** Nouns that name a credential when they are the last word of a name, English putting the head of a compound last. */
const NOUNS: Record<string, [CredentialKind, NameVerdict["strength"]]> = {
  password: ["password", "strong"],
  passwd: ["password", "strong"],
  passphrase: ["password", "strong"],
  passcode: ["password", "strong"],
  pass: ["password", "strong"],
  pwd: ["password", "strong"],
  pw: ["password", "medium"],
  psw: ["password", "medium"],
  passwords: ["password", "medium"],
  credential: ["password", "medium"],
  credentials: ["password", "medium"],
  creds: ["password", "medium"],
  token: ["token", "medium"],
  jwt: ["token", "medium"],
  bearer: ["token", "medium"],
  pat: ["token", "weak"],
  auth: ["token", "weak"],
  authorization: ["token", "medium"],
  secret: ["secret-key", "medium"],
  mnemonic: ["secret-key", "medium"],
  pepper: ["secret-key", "weak"],
  salt: ["secret-key", "weak"],
  cookie: ["token", "weak"],
  key: ["secret-key", "weak"],
  userpass: ["basic-auth", "medium"],
  userpwd: ["basic-auth", "medium"],
};

/** Words that, right before `key`, make it the secret kind. */
const KEY_KINDS = new Set(
  `api access pass secret private signing sign encryption encrypt decryption master auth account storage shared service license
  deploy ssh gpg pgp consumer session cipher hmac jwt webhook crypto seal unseal sas admin server write integration rest
  subscription ingest stripe sendgrid mailgun twilio datadog dd newrelic openai anthropic algolia segment github gitlab slack
  heroku npm cloudflare pagerduty opsgenie rollbar honeycomb mailchimp square braintree paypal azure aws gcp fernet aes rsa`.split(
    /\s+/,
  ),
);

const CLOUDS = new Set(["aws", "azure", "gcp"]);

/** What `auth` holds right after these: AUTH of Redis takes a password, basic authentication a user and a password. */
const AUTHS: Record<string, CredentialKind> = { redis: "password", valkey: "password", basic: "basic-auth" };

/** Words that, right before a noun, make it something else: a public key, a page token. */
const HARMLESS_KINDS = new Set(
  `public primary foreign sort partition cache routing object lookup config hash map idempotency dedup translation feature
  page next continue continuation cancellation csrf xsrf bos eos pad unk stop max min num total completion prompt context
  enable disable use has is require requires no skip allow with without validate verify generate rotate reset
  checksum sha md`.split(/\s+/),
);

/** Last words that say nothing about what the word before them is. */
const NEUTRAL = new Set(
  `value text plain plaintext prod production dev development staging stage test testing old new current
  previous primary secondary default live base raw encoded b base64 main backup root admin readonly ro rw`.split(/\s+/),
);

/** Last words that make the whole name describe a credential instead of holding it. */
const ABOUT = new Set(
  `file files filename path paths dir directory folder name names namespace ttl seconds secs sec ms millis minutes mins hours days
  expiry expiration expires expire timeout lifetime lifespan duration age url urls uri uris endpoint endpoints host hosts hostname
  port ports issuer audience enabled disabled enable disable required require length len size count counter min max minimum maximum
  limit limits policy type types kind format version algorithm alg algo id ids prefix suffix header headers field fields column param
  parameter label labels selector class ref refs reference arn mode level region bucket layout image rotation rotate interval retries
  attempts hint prompt placeholder store provider backend service manager generator validator checker map list schema table plugin
  script command cmd location dest destination mount env var variable server domain realm user username email subject usage scope
  scopes claim claims char chars charset complexity strength index num number total allowed public pub cert certificate ca status
  state update reset change changed updated created date time timestamp at on from source method strategy driver engine bits
  checksum hash digest sha fingerprint`.split(/\s+/),
);

function nounAt(words: string[], index: number): NameVerdict | null {
  const noun = words[index] ?? "";
  const before = words[index - 1] ?? "";
  const known = Object.hasOwn(NOUNS, noun) ? NOUNS[noun] : undefined;
  if (known === undefined || HARMLESS_KINDS.has(before)) return null;
  // PWD and OLDPWD are a shell's working directories.
  if (noun === "pwd" && words.length === 1) return null;
  if (noun === "auth" && Object.hasOwn(AUTHS, before)) {
    return { kind: AUTHS[before] ?? known[0], noun: `${before} auth`, strength: "medium" };
  }
  const isCloud = words.some((word) => CLOUDS.has(word)) && known[0] === "secret-key";
  const kind = isCloud ? "cloud-key" : known[0];
  if (noun !== "key" || !KEY_KINDS.has(before)) return { kind, noun, strength: known[1] };
  return { kind, noun: `${before} key`, strength: "medium" };
}

const judged = new Map<string, NameVerdict | null>();
const REMEMBERED = 4096;

/** What a name says of its value, or null when it names no credential. Names repeat by the thousand, and are remembered. */
export function judgeName(name: string): NameVerdict | null {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const verdict = judgeWords(words(name));
  if (judged.size >= REMEMBERED) judged.clear();
  if (name.length <= 256) judged.set(name, verdict);
  return verdict;
}

function judgeWords(words: string[]): NameVerdict | null {
  let last = words.length - 1;
  while (last > 0 && NEUTRAL.has(words[last] ?? "")) last--;
  const head = nounAt(words, last);
  if (head !== null) return words.some((word) => word === "checksum" || word === "public") ? null : head;
  if (ABOUT.has(words[last] ?? "")) return null;
  // PASSWORD_POSTGRES, TOKEN_GITHUB: the noun comes first, and what follows says for what it is.
  const first = nounAt(words, 0);
  return first === null || words.length < 2
    ? null
    : { ...first, strength: first.kind === "password" ? "medium" : "weak" };
}

/** True for a word, in lower case, that some rule for names knows: it may be shown wherever it came from. */
export function isNamingWord(word: string): boolean {
  return Object.hasOwn(NOUNS, word) || [KEY_KINDS, HARMLESS_KINDS, NEUTRAL, ABOUT].some((known) => known.has(word));
}
