import { looksRandom } from "./characters.ts";

/** Values of these forms are meant as what they look like, and nobody chooses them for a password. */
const NEVER = [
  /^~[/\\]\S{1,256}$/,
  /^[\w./\\~-]{1,256}\.(pub|p8|der|asc|gpg|ovpn|sh|log|csv|sql|gz|tgz|tar|zip|jar|xml|html|md|keytab|sock|socket|kubeconfig|tfvars|hcl)$/,
  /^arn:aws[a-z-]{0,16}:[a-z0-9-]{1,32}:[a-z0-9-]{0,32}:\d{0,12}:\S{1,512}$/,
  /^projects\/[\w:.-]{1,64}\/(secrets|locations|serviceAccounts|topics|subscriptions)\/\S{1,256}$/,
  /^\/subscriptions\/[0-9a-f-]{36}\/\S{1,512}$/i,
  /^(PT(\d{1,6}[HMS]){1,3}|P\d{1,4}[DWMY](T(\d{1,6}[HMS]){1,3})?)$/,
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/,
];

/** Values of these forms may be a person's password, but are no token, key or secret that a program made. */
const NO_TOKEN = [
  /^v?\d{1,4}(\.\d{1,6}){1,3}([.+-][a-z0-9.-]{1,32})?$/i,
  /^v\d{1,4}((alpha|beta|rc)\d{1,4})?$/,
  /^\d{4}-\d\d-\d\d$/,
  /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|reboot)$/,
  /^(\d{1,3}\.){3}\d{1,3}(:\d{1,5}|\/\d{1,2})?$/,
  /^([a-z]{2,3}([_-][A-Z]{2})?|C|POSIX)\.UTF-?8$/i,
  /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i,
  /^(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)(\/[\w+-]{1,32}){1,2}$/,
  /^[a-z]{2,16}\/[a-z0-9.+-]{1,64}(;\s?[a-z]{1,16}=[\w-]{1,32})?$/,
  /^(bearer|basic|opaque|oauth2?|jwt|api[_-]?key|header|cookie|required|optional|string)$/i,
  /^[\w.+%-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,6}$/i,
];
const HOST = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){0,7}\.[a-z]{2,24}\.?(:\d{1,5})?$/;
const HOST_AND_PORT = /^[a-z][a-z0-9-]{0,62}:\d{2,5}$/;
const LONGEST = 1024;

/** True for addresses, versions, dates, schedules, locales, colours and the like: the forms in which no credential is written. */
export function isPublicForm(text: string, isPassword: boolean): boolean {
  if (text.length > LONGEST) return false;
  if (NEVER.some((form) => form.test(text))) return true;
  return !isPassword && (NO_TOKEN.some((form) => form.test(text)) || isHost(text));
}

/** A host's name, with a port or without. A label that looks random belongs to a token with dots in it. */
function isHost(text: string): boolean {
  return HOST_AND_PORT.test(text) || (HOST.test(text) && !text.split(".").some(looksRandom));
}
