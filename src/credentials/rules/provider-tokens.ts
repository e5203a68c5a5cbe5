import type { Confidence, CredentialKind } from "../../model/credential.ts";
import { ALPHANUMERIC, BASE64URL, characters, runEnd, isIn } from "../characters.ts";
import type { CharacterSet } from "../characters.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

/** A token that its issuer marks with a fixed beginning. Lengths count what follows the prefix. */
interface TokenFormat {
  issuer: string;
  prefix: string;
  follows: CharacterSet;
  min: number;
  max: number;
  kind?: CredentialKind;
  confidence?: Confidence;
}

const UPPER = characters("A-Z0-9");
const WORD = characters("A-Za-z0-9_");
const DOTTED = characters("A-Za-z0-9_.-");

/** Formats as the issuers document them. */
const FORMATS: TokenFormat[] = [
  { issuer: "GitHub", prefix: "ghp_", follows: ALPHANUMERIC, min: 36, max: 255 },
  { issuer: "GitHub", prefix: "gho_", follows: ALPHANUMERIC, min: 36, max: 255 },
  { issuer: "GitHub", prefix: "ghu_", follows: ALPHANUMERIC, min: 36, max: 255 },
  { issuer: "GitHub", prefix: "ghs_", follows: ALPHANUMERIC, min: 36, max: 255 },
  { issuer: "GitHub", prefix: "ghr_", follows: ALPHANUMERIC, min: 36, max: 255 },
  { issuer: "GitHub", prefix: "github_pat_", follows: WORD, min: 30, max: 255 },
  { issuer: "GitLab", prefix: "glpat-", follows: DOTTED, min: 20, max: 255 },
  { issuer: "GitLab", prefix: "gldt-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "GitLab", prefix: "glrt-", follows: DOTTED, min: 20, max: 255 },
  { issuer: "Slack", prefix: "xoxb-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "Slack", prefix: "xoxp-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "Slack", prefix: "xoxa-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "Slack", prefix: "xoxr-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "Slack", prefix: "xoxs-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "Slack", prefix: "xapp-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "Stripe", prefix: "whsec_", follows: BASE64URL, min: 24, max: 255 },
  { issuer: "Google OAuth", prefix: "ya29.", follows: BASE64URL, min: 30, max: 2048 },
  { issuer: "Google OAuth", prefix: "GOCSPX-", follows: BASE64URL, min: 28, max: 28 },
  { issuer: "Docker Hub", prefix: "dckr_pat_", follows: BASE64URL, min: 20, max: 64 },
  { issuer: "OpenAI", prefix: "sk-proj-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "Anthropic", prefix: "sk-ant-", follows: BASE64URL, min: 20, max: 255 },
  { issuer: "HashiCorp Vault", prefix: "hvs.", follows: BASE64URL, min: 24, max: 512 },
  { issuer: "HashiCorp Vault", prefix: "hvb.", follows: BASE64URL, min: 24, max: 512 },
  { issuer: "Hugging Face", prefix: "hf_", follows: ALPHANUMERIC, min: 34, max: 64 },
  { issuer: "Grafana", prefix: "glsa_", follows: WORD, min: 32, max: 64 },
  { issuer: "Grafana", prefix: "glc_", follows: characters("A-Za-z0-9+/="), min: 32, max: 400 },
  { issuer: "Atlassian", prefix: "ATATT3", follows: characters("A-Za-z0-9_=-"), min: 60, max: 255 },
  { issuer: "New Relic", prefix: "NRAK-", follows: UPPER, min: 27, max: 27 },
  { issuer: "Doppler", prefix: "dp.pt.", follows: ALPHANUMERIC, min: 40, max: 44 },
  { issuer: "Square", prefix: "sq0atp-", follows: BASE64URL, min: 22, max: 64 },
  { issuer: "Square", prefix: "sq0csp-", follows: BASE64URL, min: 43, max: 64 },
  { issuer: "GitHub App installation", prefix: "ghs_", follows: DOTTED, min: 80, max: 8192 },
  { issuer: "HashiCorp Vault", prefix: "hvr.", follows: BASE64URL, min: 24, max: 512 },
  { issuer: "Groq", prefix: "gsk_", follows: ALPHANUMERIC, min: 52, max: 52 },
  { issuer: "Figma", prefix: "figd_", follows: BASE64URL, min: 40, max: 200 },
  { issuer: "Vercel", prefix: "vcp_", follows: ALPHANUMERIC, min: 20, max: 60 },
  { issuer: "Vercel", prefix: "vci_", follows: ALPHANUMERIC, min: 20, max: 60 },
  { issuer: "Vercel", prefix: "vca_", follows: ALPHANUMERIC, min: 20, max: 60 },
  { issuer: "Vercel", prefix: "vcr_", follows: ALPHANUMERIC, min: 20, max: 60 },
  { issuer: "Vercel", prefix: "vck_", follows: ALPHANUMERIC, min: 20, max: 60 },
  { issuer: "Cloudflare", prefix: "cfk_", follows: ALPHANUMERIC, min: 48, max: 48, kind: "cloud-key" },
  { issuer: "Cloudflare", prefix: "cfut_", follows: ALPHANUMERIC, min: 48, max: 48, kind: "cloud-key" },
  { issuer: "Cloudflare", prefix: "cfat_", follows: ALPHANUMERIC, min: 48, max: 48, kind: "cloud-key" },
  { issuer: "Sourcegraph", prefix: "sgp_", follows: WORD, min: 40, max: 64 },
  // tskey-auth-, tskey-api-, tskey-client-: what follows says which.
  { issuer: "Tailscale", prefix: "tskey-", follows: BASE64URL, min: 27, max: 128 },
];

/** A bot's number and its key (Telegram Bot API, "Authorizing your bot"). */
const TELEGRAM = /(?<![\w-])\d{6,12}:AA[\w-]{33}(?![\w-])/g;

function telegram(text: string): Match[] {
  if (!text.includes(":AA")) return [];
  return Array.from(text.matchAll(TELEGRAM), ({ index, 0: token }) =>
    match(index, index + token.length, "provider-token", "certain", "has the form of a Telegram token"),
  );
}

/** `xxxxxxxx`, `00000000`: nobody issues a token of three characters. */
function isDummy(token: string): boolean {
  return new Set(token).size < 4;
}

const ANY_PREFIX = new RegExp(FORMATS.map(({ prefix }) => prefix.replaceAll(".", "\\.")).join("|"));

function* occurrences(text: string, format: TokenFormat): Generator<Match> {
  const { prefix, follows, min, max, issuer } = format;
  let start = 0;
  for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, start)) {
    start = at + prefix.length;
    if (at > 0 && isIn(ALPHANUMERIC, text, at - 1)) continue;
    const from = start;
    const end = runEnd(follows, text, from, max + 1);
    // A run that is too long is left behind whole, or a long run of prefixes would be read again for each.
    if (end - from > max) start = end;
    if (end - from < min || end - from > max || isDummy(text.slice(from, end))) continue;
    const because = `has the form of a ${issuer} token`;
    yield match(at, end, format.kind ?? "provider-token", format.confidence ?? "certain", because);
  }
}

/**
 * Tokens by prefix, alphabet and length, where gitleaks' rules have none, are narrower than what the issuers document or take a
 * part of a longer token for the whole.
 */
export const providerTokens: FormRule = {
  id: "provider-tokens",
  find: (text) => [
    ...(ANY_PREFIX.test(text) ? FORMATS.flatMap((format) => [...occurrences(text, format)]) : []),
    ...telegram(text),
  ],
};
