import { PASS_OWNERS } from "./name-words.ts";

const LONGEST_NAME = 256;

/**
 * The words of a name in lower case: `awsSecretAccessKey`, `AWS_SECRET_ACCESS_KEY` and `aws.secret-access-key` give the same four.
 * The domain of an annotation, numbers and versions (`_2`, `_V2`) are dropped.
 */
export function words(name: string): string[] {
  const slash = name.indexOf("/");
  const isDomain = slash > 0 && name.lastIndexOf(".", slash) > 0;
  return (isDomain ? name.slice(slash + 1) : name)
    .slice(-LONGEST_NAME)
    .split(/[^A-Za-z0-9]/)
    .flatMap(humps)
    .map((word) => word.toLowerCase().replace(/[0-9]{1,8}$/, ""))
    .filter((word) => word !== "" && word !== "v")
    .flatMap(unglued);
}

/** The parts of a word in camel case, as they are written. */
export function humps(word: string): string[] {
  return word
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(" ");
}

/** Words that are often written without a separator, by their end: `pgpassword`, `apikey`. */
const GLUED = [
  "password",
  "passwd",
  "passphrase",
  "passwort",
  "kennwort",
  "apikey",
  "secretkey",
  "accesskey",
  "privatekey",
  "masterkey",
  "signingkey",
  "encryptionkey",
  "authkey",
  "accountkey",
  "authtoken",
  "accesstoken",
  "refreshtoken",
  "apitoken",
  "clientsecret",
  "apisecret",
  "appsecret",
  "jwtsecret",
  "sharedsecret",
  "sessionsecret",
  "webhooksecret",
  "bottoken",
  "bearertoken",
  "sessiontoken",
  "usertoken",
  "licensekey",
  "storagekey",
  "sharedkey",
  "servicekey",
];
const SECOND_HALVES = ["key", "token", "secret"];

/** A word in lower case, cut where two were written as one. */
export function unglued(word: string): string[] {
  const ending = GLUED.find((candidate) => word.endsWith(candidate));
  if (ending === undefined) return withOwner(word);
  const front = word.slice(0, word.length - ending.length);
  const half = SECOND_HALVES.find((second) => ending.endsWith(second));
  const back = half === undefined ? [ending] : [ending.slice(0, -half.length), half];
  return front === "" ? back : [front, ...back];
}

/** `dbpass`, `bindpw`: what is owned by what may own one. `bypass` is a word. */
function withOwner(word: string): string[] {
  const [, owner = "", noun = ""] = /^([a-z]{1,32})(pass|pwd|pw)$/.exec(word) ?? [];
  return PASS_OWNERS.has(owner) ? [owner, noun] : [word];
}
