import { ALPHANUMERIC, BASE64URL, characters, looksRandom, runEnd } from "../characters.ts";
import { isPlaceholder, looksLikeReference } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";
import { words } from "../words.ts";

/** An address that lets whoever knows it post, so that the path is the credential. */
const HOOKS = [
  { issuer: "Slack", prefix: "https://hooks.slack.com/services/", follows: characters("A-Za-z0-9/"), min: 24 },
  { issuer: "Slack", prefix: "https://hooks.slack.com/workflows/", follows: characters("A-Za-z0-9/"), min: 24 },
  { issuer: "Discord", prefix: "https://discord.com/api/webhooks/", follows: characters("A-Za-z0-9_/-"), min: 40 },
  { issuer: "Slack", prefix: "https://hooks.slack.com/triggers/", follows: characters("A-Za-z0-9/"), min: 24 },
  { issuer: "Slack", prefix: "https://hooks.slack-gov.com/services/", follows: characters("A-Za-z0-9/"), min: 24 },
  { issuer: "Slack", prefix: "https://hooks.slack-gov.com/workflows/", follows: characters("A-Za-z0-9/"), min: 24 },
  { issuer: "Slack", prefix: "https://hooks.slack-gov.com/triggers/", follows: characters("A-Za-z0-9/"), min: 24 },
  { issuer: "Discord", prefix: "https://discordapp.com/api/webhooks/", follows: characters("A-Za-z0-9_/-"), min: 40 },
  { issuer: "Discord", prefix: "https://ptb.discord.com/api/webhooks/", follows: characters("A-Za-z0-9_/-"), min: 40 },
  {
    issuer: "Discord",
    prefix: "https://canary.discord.com/api/webhooks/",
    follows: characters("A-Za-z0-9_/-"),
    min: 40,
  },
  { issuer: "Telegram", prefix: "https://api.telegram.org/bot", follows: characters("A-Za-z0-9_:-"), min: 40 },
];

/** Parameters whose value signs or authorises a request to an otherwise public address. */
const SIGNED = [
  { parameter: "sig=", issuer: "Azure shared access signature", follows: characters("A-Za-z0-9%+/=_-"), min: 40 },
  { parameter: "X-Amz-Signature=", issuer: "AWS presigned", follows: ALPHANUMERIC, min: 64 },
  { parameter: "X-Goog-Signature=", issuer: "Google signed", follows: BASE64URL, min: 64 },
];

/** Addresses of Mattermost and Rocket.Chat, which stand on anybody's host. */
const OWN_HOST =
  /https?:\/\/[A-Za-z0-9.-]{1,253}(?::\d{1,5})?(?:\/[\w.-]{1,64}){0,3}\/hooks\/(?:[a-z0-9]{26}|[A-Za-z0-9]{17,24}\/[A-Za-z0-9]{40,64})(?![\w/-])/g;
const ADDRESS = /^https?:\/\/[^\s/?#@]{1,253}(\/[^\s?#]{1,1024})(?:[?#]\S{0,1024})?$/;
const HOOK = new Set(["webhook", "webhooks", "hook", "hooks"]);
const OF_ADDRESSES = new Set(["url", "uri", "address", "endpoint", "link"]);

function onOwnHosts(text: string): Match[] {
  if (!text.includes("/hooks/")) return [];
  return Array.from(text.matchAll(OWN_HOST), ({ index, 0: address }) =>
    match(index, index + address.length, "webhook-url", "likely", "is a webhook address with a part nobody guesses"),
  );
}

/** An address whose name calls it a webhook: with a random part in its path, whoever knows it may post. */
function byName(text: string, name: string): Match[] {
  if (!/hooks?(?![a-z])/i.test(name.slice(-32))) return [];
  const all = words(name);
  const last = OF_ADDRESSES.has(all.at(-1) ?? "") ? all.at(-2) : all.at(-1);
  const address = text.length > 2048 ? "" : text.trim();
  const path = ADDRESS.exec(address)?.[1];
  if (path === undefined || !HOOK.has(last ?? "") || isPlaceholder(address) || looksLikeReference(address)) return [];
  if (!path.split("/").some(looksRandom)) return [];
  const start = text.indexOf(address);
  const because = "is an address that its name calls a webhook, with a random part";
  return [match(start, start + address.length, "webhook-url", "likely", because)];
}

/** Webhook addresses, signed URLs, and the parameters that make one, which Azure hands out by themselves. */
export const webhookUrl: FormRule = {
  id: "webhook-url",
  find(text, name = "") {
    const found = onOwnHosts(text);
    for (const { issuer, prefix, follows, min } of HOOKS) {
      for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + prefix.length)) {
        const end = runEnd(follows, text, at + prefix.length, 512);
        if (end - at - prefix.length < min) continue;
        found.push(match(at, end, "webhook-url", "certain", `is a ${issuer} webhook address`));
      }
    }
    if (found.length === 0) found.push(...byName(text, name));
    for (const { parameter, issuer, follows, min } of SIGNED) {
      for (let at = text.indexOf(parameter); at >= 0; at = text.indexOf(parameter, at + parameter.length)) {
        if (at > 0 && !"?& ".includes(text[at - 1] ?? "")) continue;
        const start = at + parameter.length;
        const end = runEnd(follows, text, start, 2048);
        if (end - start >= min)
          found.push(match(start, end, "webhook-url", "likely", `is a signed address (${issuer})`));
      }
    }
    return found;
  },
};
