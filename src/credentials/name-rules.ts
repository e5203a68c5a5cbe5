import type { CredentialKind } from "../model/credential.ts";
import { ABOUT, HARMLESS_KINDS, KEY_KINDS, NEUTRAL, SECRET_KINDS, SWITCHES } from "./name-words.ts";
import { COMMON_WORDS } from "./vocabulary.ts";
import { words } from "./words.ts";

/** What a name says of its value. `strong`: any value will do; `weak`: only one that looks random. */
export interface NameVerdict {
  kind: CredentialKind;
  noun: string;
  strength: "strong" | "medium" | "weak";
  /** The value may as well be the name of a Secret that holds it. */
  mayBeName: boolean;
}

/** Nouns that name a credential when they are the last word of a name, English putting the head of a compound last. */
const NOUNS: Record<string, [CredentialKind, NameVerdict["strength"]]> = {
  password: ["password", "strong"],
  passwd: ["password", "strong"],
  passphrase: ["password", "strong"],
  passcode: ["password", "strong"],
  pass: ["password", "strong"],
  pwd: ["password", "strong"],
  pw: ["password", "strong"],
  psw: ["password", "strong"],
  passwords: ["password", "strong"],
  passphrases: ["password", "strong"],
  // French, German, Spanish, Portuguese, Dutch, Polish, Italian, Swedish, Czech.
  passe: ["password", "strong"],
  motdepasse: ["password", "strong"],
  mdp: ["password", "strong"],
  passwort: ["password", "strong"],
  kennwort: ["password", "strong"],
  contrasena: ["password", "strong"],
  senha: ["password", "strong"],
  wachtwoord: ["password", "strong"],
  haslo: ["password", "strong"],
  parola: ["password", "medium"],
  losenord: ["password", "strong"],
  heslo: ["password", "strong"],
  credential: ["password", "medium"],
  credentials: ["password", "medium"],
  creds: ["password", "medium"],
  token: ["token", "medium"],
  jwt: ["token", "medium"],
  bearer: ["token", "medium"],
  pat: ["token", "weak"],
  tokens: ["token", "weak"],
  auth: ["token", "weak"],
  authorization: ["token", "medium"],
  secret: ["secret-key", "medium"],
  mnemonic: ["secret-key", "medium"],
  psk: ["secret-key", "medium"],
  passkey: ["secret-key", "medium"],
  pepper: ["secret-key", "weak"],
  salt: ["secret-key", "weak"],
  cookie: ["token", "weak"],
  key: ["secret-key", "weak"],
  keys: ["secret-key", "weak"],
  userpass: ["basic-auth", "medium"],
  userpwd: ["basic-auth", "medium"],
};

const CLOUDS = new Set(["aws", "azure", "gcp"]);

/** What `auth` holds right after these: AUTH of Redis takes a password, basic authentication a user and a password. */
const AUTHS: Record<string, CredentialKind> = {
  redis: "password",
  rediscli: "password",
  valkey: "password",
  valkeycli: "password",
  basic: "basic-auth",
};

/** Nouns that are also what a Secret is called after. */
const NAMES_OF_SECRETS = new Set(["secret", "credential", "credentials", "creds"]);

function nounAt(words: string[], index: number): NameVerdict | null {
  const noun = words[index] ?? "";
  const before = words[index - 1] ?? "";
  // sonar.login takes a token, or else a user's name.
  if (noun === "login" && before === "sonar")
    return { kind: "token", noun: "sonar login", strength: "weak", mayBeName: true };
  const known = Object.hasOwn(NOUNS, noun) ? NOUNS[noun] : undefined;
  // Several keys are mostly listed by their names or fingerprints; API_KEYS and the like are not.
  if (noun === "keys" && !KEY_KINDS.has(before)) return null;
  if (known === undefined || SWITCHES.has(before)) return null;
  // The key that routes an event into PagerDuty is all that it takes to send one; elsewhere such a key is a queue's address.
  if (noun === "key" && before === "routing" && words.includes("pagerduty"))
    return { kind: "secret-key", noun: "routing key", strength: "medium", mayBeName: false };
  if (known[0] !== "password" && HARMLESS_KINDS.has(before)) return null;
  // PWD and OLDPWD are a shell's working directories.
  if (noun === "pwd" && words.length === 1) return null;
  if (noun === "auth" && Object.hasOwn(AUTHS, before)) {
    return { kind: AUTHS[before] ?? known[0], noun: `${before} auth`, strength: "medium", mayBeName: false };
  }
  if (isCounted(words, index) || isOfCluster(words, index)) return null;
  const isCloud = words.some((word) => CLOUDS.has(word)) && known[0] === "secret-key";
  const kind = isCloud ? "cloud-key" : known[0];
  if ((noun === "key" || noun === "keys") && KEY_KINDS.has(before)) {
    return { kind, noun: `${before} key`, strength: "medium", mayBeName: false };
  }
  const mayBeName = NAMES_OF_SECRETS.has(noun) && !(noun === "secret" && SECRET_KINDS.has(before));
  return { kind, noun, strength: known[1], mayBeName };
}

const COUNTS = new Set(["max", "min", "num", "total", "multi", "single", "first", "second", "boarding"]);

/** MAX_PASS counts how often something is gone through. */
function isCounted(words: string[], index: number): boolean {
  return words[index] === "pass" && COUNTS.has(words[index - 1] ?? "");
}

/** ETCD_INITIAL_CLUSTER_TOKEN tells clusters apart and lets nobody in. */
function isOfCluster(words: string[], index: number): boolean {
  return words.slice(index - 2, index + 1).join(" ") === "initial cluster token";
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
  if (head !== null) return words.some((word) => NEVER_SECRET.has(word)) ? null : head;
  if (isSecretId(words, last)) return { kind: "secret-key", noun: "secret id", strength: "weak", mayBeName: true };
  if (ABOUT.has(words[last] ?? "")) return null;
  // PASSWORD_POSTGRES, TOKEN_GITHUB: the noun comes first, and what follows says for what it is.
  const first = nounAt(words, 0);
  if (words.length < 2) return null;
  if (first?.kind === "password") return { ...first, strength: "medium" };
  const isOfKnown = first !== null && words.slice(1).every((word) => COMMON_WORDS.has(word));
  return isOfKnown ? { ...first, strength: "weak" } : nounInside(words);
}

/** API_KEY_OPENAI, azure.account.key.STORE: a clear noun, and then only what is unknown. */
function nounInside(words: string[]): NameVerdict | null {
  const at = words.findIndex((_, i) => nounAt(words, i)?.strength === "medium");
  if (at < 0 || words.slice(at + 1).some((word) => ABOUT.has(word))) return null;
  const inside = nounAt(words, at);
  return inside === null ? null : { ...inside, strength: "weak" };
}

const NEVER_SECRET = new Set(["checksum", "public", "publishable"]);

/** The secret half of an AppRole (HashiCorp Vault, auth/approle) is called its id. */
function isSecretId(words: string[], last: number): boolean {
  const isOfRole = words.some((word) => word === "approle" || word === "role" || word === "vault");
  return isOfRole && words[last] === "id" && words[last - 1] === "secret";
}

/** True for a word, in lower case, that some rule for names knows: it may be shown wherever it came from. */
export function isNamingWord(word: string): boolean {
  return (
    Object.hasOwn(NOUNS, word) ||
    [KEY_KINDS, SECRET_KINDS, SWITCHES, HARMLESS_KINDS, NEUTRAL, ABOUT].some((known) => known.has(word))
  );
}
