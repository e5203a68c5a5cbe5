import { createHash } from "node:crypto";
import type { Report } from "../../model/report.ts";
import { utc } from "../age.ts";
import { markup, trusted, type Html } from "./markup.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import { titleOf } from "./truth.ts";

/** The hash by which a content policy lets exactly this text pass (Content Security Policy 3, 6.7.3.3). */
function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** What a page may do: show its own style and run its own script, and nothing else. */
export function policy(): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    `script-src ${hashOf(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** Everything before a page's content. */
export function pageStart(report: Report): Html {
  const { cluster, takenAt } = report.metadata;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${trusted(policy())}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta name="referrer" content="no-referrer"/>
<meta name="robots" content="noindex"/>
<title>${titleOf(report)}: ${cluster.server}, ${utc(takenAt)}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
`;
}

/** Everything after it. */
export function pageEnd(): Html {
  return markup`<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
}
